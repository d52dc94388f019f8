# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_reg_users_global_optspecs
    string join \n o/output-format= q/quiet v/verbose log-format= config= h/help V/version
end

function __fish_reg_users_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_reg_users_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_reg_users_using_subcommand
    set -l cmd (__fish_reg_users_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c reg-users -n "__fish_reg_users_needs_command" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_needs_command" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_needs_command" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_needs_command" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_needs_command" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-users -n "__fish_reg_users_needs_command" -s V -l version -d 'Print version'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "add" -d 'Add a user'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "passwd" -d 'Change the password of a user'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "remove" -d 'Remove users: all of them, or none when one is not there'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "list" -d 'List the users'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "verify" -d 'Say whether a password is that of a user: exit code 7 when it is not'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "check" -d 'Say of each line of a file who lets its user in, and why not: exit code 7 when somebody does not'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "generate" -d 'Print the htpasswd line of a user without writing a file; without NAME, a new password'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "defaults" -d 'Add the users provisioning, developer and tester, each with a generated password in a file of its own'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "import" -d 'Add users from a CSV or JSON list'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "export" -d 'Print the users as a list that import reads, without passwords or hashes'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "schema" -d 'Print the JSON Schema of a document this tool reads or prints'
complete -c reg-users -n "__fish_reg_users_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l out -d 'Keep the generated password in DIR/NAME.password, for its owner only' -r -f -a "(__fish_complete_directories)"
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l cost -d 'The cost of the hash: one more takes twice the time' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l in-place -d 'Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l group -d 'Let the group read the file when it is made'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l password-stdin -d 'Read the password from standard input'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l generate -d 'Generate the password'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l show -d 'Print the generated password, as raw text and nothing else'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -l exist-ok -d 'Leave a user that is there as it is, without an error'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l out -d 'Keep the generated password in DIR/NAME.password, for its owner only' -r -f -a "(__fish_complete_directories)"
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l cost -d 'The cost of the hash: one more takes twice the time' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l in-place -d 'Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l group -d 'Let the group read the file when it is made'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l password-stdin -d 'Read the password from standard input'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l generate -d 'Generate the password'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -l show -d 'Print the generated password, as raw text and nothing else'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand passwd" -s h -l help -d 'Print help'
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -l in-place -d 'Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file'
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -l group -d 'Let the group read the file when it is made'
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -l missing-ok -d 'Pass over names that are not there'
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand remove" -s h -l help -d 'Print help'
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand list" -s h -l help -d 'Print help'
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -l password-stdin -d 'Read the password from standard input'
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand verify" -s h -l help -d 'Print help'
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -l for -d 'Who should let the users in, with commas between them: zot, distribution, apache, embedded [default: all, or the registry of -r]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l out -d 'Keep the generated password in DIR/NAME.password, for its owner only' -r -f -a "(__fish_complete_directories)"
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l cost -d 'The cost of the hash: one more takes twice the time' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l password-stdin -d 'Read the password from standard input'
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l generate -d 'Generate the password of NAME; --out says where it goes'
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -l show -d 'Print a new password, as raw text, in place of a user\'s line'
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand generate" -s h -l help -d 'Print help'
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -l out -d 'Keep the passwords in DIR/NAME.password, for their owner only' -r -f -a "(__fish_complete_directories)"
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -l cost -d 'The cost of the hash: one more takes twice the time' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -l in-place -d 'Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file'
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -l group -d 'Let the group read the file when it is made'
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand defaults" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l out -d 'Keep generated passwords in DIR/NAME.password, for their owner only' -r -f -a "(__fish_complete_directories)"
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l cost -d 'The cost of the hash: one more takes twice the time' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l in-place -d 'Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l group -d 'Let the group read the file when it is made'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l csv -d 'The list is CSV [default: told by the name\'s end, .csv]'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l json -d 'The list is JSON or JSON Lines [default: told by the name\'s end, .json, .jsonl or .ndjson]'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l update -d 'Give users that are there the password of their row; a generated one stays while it is the one in --out'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l prune -d 'Remove users that are in no row'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l dry-run -d 'Write nothing; say what would be done'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -l generate -d 'Generate a password for new users whose row has none'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -l file -d 'The htpasswd file' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -s r -l registry -d 'The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -l csv -d 'Print CSV'
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -l json -d 'Print a users document, as -o json does'
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand export" -s h -l help -d 'Print help'
complete -c reg-users -n "__fish_reg_users_using_subcommand schema" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand schema" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand schema" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand schema" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand schema" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand schema" -s h -l help -d 'Print help'
complete -c reg-users -n "__fish_reg_users_using_subcommand completions" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand completions" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-users -n "__fish_reg_users_using_subcommand completions" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-users -n "__fish_reg_users_using_subcommand completions" -s q -l quiet -d 'No progress'
complete -c reg-users -n "__fish_reg_users_using_subcommand completions" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-users -n "__fish_reg_users_using_subcommand completions" -s h -l help -d 'Print help'

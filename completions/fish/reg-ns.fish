# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_reg_ns_global_optspecs
    string join \n o/output-format= q/quiet v/verbose log-format= config= h/help V/version
end

function __fish_reg_ns_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_reg_ns_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_reg_ns_using_subcommand
    set -l cmd (__fish_reg_ns_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c reg-ns -n "__fish_reg_ns_needs_command" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_needs_command" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_needs_command" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_needs_command" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -s V -l version -d 'Print version'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "list" -d 'List the namespaces'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "info" -d 'Show all of namespaces: their rules, what they hold, what they take'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "create" -d 'Make a namespace'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "delete" -d 'Delete a namespace'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "setup" -d 'Make the namespaces of a layout, and nothing else of it'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "quota" -d 'Quotas of namespaces'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "prune" -d 'Delete the tags that retention does not keep'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "repos" -d 'List the repositories'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "tags" -d 'List the tags of a repository'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "manifest" -d 'Print a manifest'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "referrers" -d 'List what says something about a manifest: signatures, bills of materials, attestations'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "tag" -d 'Let tags point to a manifest: no layer is moved, and the manifest stays byte for byte'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "rm" -d 'Delete tags, or with --digest manifests'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "stats" -d 'Count namespaces, repositories, tags, manifests and bytes'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "schema" -d 'Print the JSON Schema of a document this tool reads or prints'
complete -c reg-ns -n "__fish_reg_ns_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -s r -l registry -d 'A registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE; may be repeated [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand info" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l description -d 'What it is for' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l access -d 'Who else may do something [default: authenticated]' -r -f -a "authenticated\t'Every login may read, create and update; administrators alone may delete'
none\t'Administrators alone may do anything'"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l quota -d 'The most that its blobs may take: 10GiB' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l keep-last -d 'Keep so many of the newest tags of each repository' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l keep-days -d 'Keep tags pushed less than so many days ago' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l public -d 'Everybody may read, without a login'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l exist-ok -d 'Accept one that is there, when it has what these flags say'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l force -d 'Although it is not empty: delete all that is in it'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l dry-run -d 'Delete nothing; say what would be'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l missing-ok -d 'Accept that it is not there'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l layout -d 'The layout: a file (JSON or YAML), or - for standard input [default: the registry\'s stored one, of an instance else the default one]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l update -d 'Change namespaces that are there, too'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand setup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and not __fish_seen_subcommand_from check" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and not __fish_seen_subcommand_from check" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and not __fish_seen_subcommand_from check" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and not __fish_seen_subcommand_from check" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and not __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and not __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and not __fish_seen_subcommand_from check" -f -a "check" -d 'Measure namespaces against their quotas'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l layout -d 'The layout with the rules: a file (JSON or YAML), or - for standard input [default: the registry\'s]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand quota; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l by -d 'What the age of a tag is counted from; created reads manifest and configuration of each' -r -f -a "pushed\t'Since when it points to its manifest, where the registry tells'
created\t'When the image says that it was made'"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l layout -d 'The layout with the rules: a file (JSON or YAML), or - for standard input [default: the registry\'s]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l dry-run -d 'Delete nothing; say what would be'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand repos" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l match -d 'Only tags in which this regular expression is found' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l semver -d 'Only tags that are versions (a v in front is fine) within a range: ^1.2, ~1.2, \'>=1.2, <2\'' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l sort -d 'How they are sorted' -r -f -a "name\t'By the bytes of their names'
semver\t'By version: 1.10 behind 1.9; what is no version comes first'
time\t'By time, the newest last; those without one come first'"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l by -d 'What is taken for the time of a tag; created reads manifest and configuration of each' -r -f -a "pushed\t'Since when it points to its manifest, where the registry tells'
created\t'When the image says that it was made'"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -s l -l long -d 'Also digest, media type, size and time: a request a tag'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tags" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l platform -d 'Of an index, the image for this platform: linux/amd64, linux/arm/v7' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l raw -d 'Print its bytes as they are'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand manifest" -s h -l help -d 'Print help'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l artifact-type -d 'Only those of this type' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand referrers" -s h -l help -d 'Print help'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l force -d 'Move tags that point to another manifest'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l exist-ok -d 'Leave tags that point to another manifest as they are, without an error'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand tag" -s h -l help -d 'Print help'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l repository -d 'The repository, where REFERENCE is a tag or a digest alone' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l digest -d 'Delete the manifest, with the tags that point to it and the manifests about it'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l force -d 'With --digest, although other tags point to it, manifests are about it, or an index lists it'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l missing-ok -d 'Pass over what is not there'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l dry-run -d 'Delete nothing; say what would be'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -s r -l registry -d 'A registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE; may be repeated [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -s u -l username -d 'The user to log in as' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l password-stdin -d 'Read the password from standard input'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l anonymous -d 'Do not log in'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l insecure -d 'Take any certificate (warns)'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand schema" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand schema" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand schema" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand schema" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand schema" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand schema" -s h -l help -d 'Print help'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand completions" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand completions" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-ns -n "__fish_reg_ns_using_subcommand completions" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-ns -n "__fish_reg_ns_using_subcommand completions" -s q -l quiet -d 'No progress'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand completions" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-ns -n "__fish_reg_ns_using_subcommand completions" -s h -l help -d 'Print help'

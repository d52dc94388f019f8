# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_reg_init_global_optspecs
    string join \n r/registry= registry-type= u/username= password-stdin password-file= password-env= anonymous ca-file= insecure plain-http token-host= layout= prune strict detailed-exitcode wait= no-test-image out= o/output-format= q/quiet v/verbose log-format= config= h/help V/version
end

function __fish_reg_init_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_reg_init_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_reg_init_using_subcommand
    set -l cmd (__fish_reg_init_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c reg-init -n "__fish_reg_init_needs_command" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-init -n "__fish_reg_init_needs_command" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-init -n "__fish_reg_init_needs_command" -s u -l username -d 'The user to log in as' -r
complete -c reg-init -n "__fish_reg_init_needs_command" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-init -n "__fish_reg_init_needs_command" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-init -n "__fish_reg_init_needs_command" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-init -n "__fish_reg_init_needs_command" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-init -n "__fish_reg_init_needs_command" -l layout -d 'The layout: a file (JSON or YAML), or - for standard input [default: the registry\'s stored one, of an instance else the default one]' -r -F
complete -c reg-init -n "__fish_reg_init_needs_command" -l wait -d 'How long to wait until the registry answers' -r
complete -c reg-init -n "__fish_reg_init_needs_command" -l out -d 'Keep generated passwords in this folder [default: the instance\'s]' -r -f -a "(__fish_complete_directories)"
complete -c reg-init -n "__fish_reg_init_needs_command" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_needs_command" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_needs_command" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_needs_command" -l password-stdin -d 'Read the password from standard input'
complete -c reg-init -n "__fish_reg_init_needs_command" -l anonymous -d 'Do not log in'
complete -c reg-init -n "__fish_reg_init_needs_command" -l insecure -d 'Take any certificate (warns)'
complete -c reg-init -n "__fish_reg_init_needs_command" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-init -n "__fish_reg_init_needs_command" -l prune -d 'Remove namespaces, users, groups, robots and webhooks that the layout does not name'
complete -c reg-init -n "__fish_reg_init_needs_command" -l strict -d 'End with 6, and change nothing, when the registry cannot do all that the layout says'
complete -c reg-init -n "__fish_reg_init_needs_command" -l detailed-exitcode -d 'End with 7 when something changes or would'
complete -c reg-init -n "__fish_reg_init_needs_command" -l no-test-image -d 'Do not push the layout\'s test image and pull it back'
complete -c reg-init -n "__fish_reg_init_needs_command" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_needs_command" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-init -n "__fish_reg_init_needs_command" -s V -l version -d 'Print version'
complete -c reg-init -n "__fish_reg_init_needs_command" -f -a "apply" -d 'Make a registry what its layout says'
complete -c reg-init -n "__fish_reg_init_needs_command" -f -a "plan" -d 'Tell what would change'
complete -c reg-init -n "__fish_reg_init_needs_command" -f -a "layout" -d 'Print a layout: the default one, or a given one as it is understood'
complete -c reg-init -n "__fish_reg_init_needs_command" -f -a "export" -d 'Print what a registry is, as a layout'
complete -c reg-init -n "__fish_reg_init_needs_command" -f -a "lint" -d 'Tell what in a layout is hardly meant'
complete -c reg-init -n "__fish_reg_init_needs_command" -f -a "schema" -d 'Print the JSON Schema of a document this tool reads or prints'
complete -c reg-init -n "__fish_reg_init_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -s u -l username -d 'The user to log in as' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l layout -d 'The layout: a file (JSON or YAML), or - for standard input [default: the registry\'s stored one, of an instance else the default one]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l wait -d 'How long to wait until the registry answers' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l out -d 'Keep generated passwords in this folder [default: the instance\'s]' -r -f -a "(__fish_complete_directories)"
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l password-stdin -d 'Read the password from standard input'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l anonymous -d 'Do not log in'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l insecure -d 'Take any certificate (warns)'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l prune -d 'Remove namespaces, users, groups, robots and webhooks that the layout does not name'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l strict -d 'End with 6, and change nothing, when the registry cannot do all that the layout says'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l detailed-exitcode -d 'End with 7 when something changes or would'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -l no-test-image -d 'Do not push the layout\'s test image and pull it back'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_using_subcommand apply" -s h -l help -d 'Print help'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -s u -l username -d 'The user to log in as' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l layout -d 'The layout: a file (JSON or YAML), or - for standard input [default: the registry\'s stored one, of an instance else the default one]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l password-stdin -d 'Read the password from standard input'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l anonymous -d 'Do not log in'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l insecure -d 'Take any certificate (warns)'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l prune -d 'Remove namespaces, users, groups, robots and webhooks that the layout does not name'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l strict -d 'End with 6, and change nothing, when the registry cannot do all that the layout says'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -l detailed-exitcode -d 'End with 7 when something changes or would'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_using_subcommand plan" -s h -l help -d 'Print help'
complete -c reg-init -n "__fish_reg_init_using_subcommand layout" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand layout" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand layout" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand layout" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_using_subcommand layout" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_using_subcommand layout" -s h -l help -d 'Print help'
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -s u -l username -d 'The user to log in as' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l password-stdin -d 'Read the password from standard input'
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l anonymous -d 'Do not log in'
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l insecure -d 'Take any certificate (warns)'
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_using_subcommand export" -s h -l help -d 'Print help'
complete -c reg-init -n "__fish_reg_init_using_subcommand lint" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand lint" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand lint" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand lint" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_using_subcommand lint" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_using_subcommand lint" -s h -l help -d 'Print help'
complete -c reg-init -n "__fish_reg_init_using_subcommand schema" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand schema" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand schema" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand schema" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_using_subcommand schema" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_using_subcommand schema" -s h -l help -d 'Print help'
complete -c reg-init -n "__fish_reg_init_using_subcommand completions" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand completions" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-init -n "__fish_reg_init_using_subcommand completions" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-init -n "__fish_reg_init_using_subcommand completions" -s q -l quiet -d 'No progress'
complete -c reg-init -n "__fish_reg_init_using_subcommand completions" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-init -n "__fish_reg_init_using_subcommand completions" -s h -l help -d 'Print help'

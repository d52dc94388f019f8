# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_reg_test_global_optspecs
    string join \n o/output-format= q/quiet v/verbose log-format= config= h/help V/version
end

function __fish_reg_test_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_reg_test_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_reg_test_using_subcommand
    set -l cmd (__fish_reg_test_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c reg-test -n "__fish_reg_test_needs_command" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_needs_command" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_needs_command" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_needs_command" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_needs_command" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-test -n "__fish_reg_test_needs_command" -s V -l version -d 'Print version'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "health" -d 'Is it well: API, login, version, certificate, its own health, how fast it answers'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "catalog" -d 'Read all pages of its catalog and check the names'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "push" -d 'Push a tiny image, the same bytes every time'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "pull" -d 'Pull the image that push pushed, by tag and by digest, and compare every byte'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "push-pull" -d 'Push an image of random bytes, pull it back, compare, and clean up'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "all" -d 'All that only reads; with --write also push-pull'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "schema" -d 'Print the JSON Schema of a document this tool reads or prints'
complete -c reg-test -n "__fish_reg_test_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -s u -l username -d 'The user to log in as' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l wait -d 'How long to wait until it answers, like 120s [default: not at all]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l password-stdin -d 'Read the password from standard input'
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l anonymous -d 'Do not log in'
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l insecure -d 'Take any certificate (warns)'
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand health" -s h -l help -d 'Print help'
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -s u -l username -d 'The user to log in as' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l wait -d 'How long to wait until it answers, like 120s [default: not at all]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l password-stdin -d 'Read the password from standard input'
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l anonymous -d 'Do not log in'
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l insecure -d 'Take any certificate (warns)'
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand catalog" -s h -l help -d 'Print help'
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -s u -l username -d 'The user to log in as' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l wait -d 'How long to wait until it answers, like 120s [default: not at all]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l repository -d 'The repository for the image, NAMESPACE/NAME' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l password-stdin -d 'Read the password from standard input'
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l anonymous -d 'Do not log in'
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l insecure -d 'Take any certificate (warns)'
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand push" -s h -l help -d 'Print help'
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -s u -l username -d 'The user to log in as' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l wait -d 'How long to wait until it answers, like 120s [default: not at all]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l repository -d 'The repository for the image, NAMESPACE/NAME' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l password-stdin -d 'Read the password from standard input'
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l anonymous -d 'Do not log in'
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l insecure -d 'Take any certificate (warns)'
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand pull" -s h -l help -d 'Print help'
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -s u -l username -d 'The user to log in as' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l wait -d 'How long to wait until it answers, like 120s [default: not at all]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l repository -d 'The repository for the image, NAMESPACE/NAME' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l password-stdin -d 'Read the password from standard input'
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l anonymous -d 'Do not log in'
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l insecure -d 'Take any certificate (warns)'
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand push-pull" -s h -l help -d 'Print help'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -s u -l username -d 'The user to log in as' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l wait -d 'How long to wait until it answers, like 120s [default: not at all]' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l repository -d 'The repository for the image, NAMESPACE/NAME' -r
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l password-stdin -d 'Read the password from standard input'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l anonymous -d 'Do not log in'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l insecure -d 'Take any certificate (warns)'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -l write -d 'Push and pull, too'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand all" -s h -l help -d 'Print help'
complete -c reg-test -n "__fish_reg_test_using_subcommand schema" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand schema" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand schema" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand schema" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand schema" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand schema" -s h -l help -d 'Print help'
complete -c reg-test -n "__fish_reg_test_using_subcommand completions" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand completions" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-test -n "__fish_reg_test_using_subcommand completions" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-test -n "__fish_reg_test_using_subcommand completions" -s q -l quiet -d 'No progress'
complete -c reg-test -n "__fish_reg_test_using_subcommand completions" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-test -n "__fish_reg_test_using_subcommand completions" -s h -l help -d 'Print help'

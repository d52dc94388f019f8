# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_reg_up_global_optspecs
    string join \n o/output-format= q/quiet v/verbose log-format= config= h/help V/version
end

function __fish_reg_up_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_reg_up_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_reg_up_using_subcommand
    set -l cmd (__fish_reg_up_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c reg-up -n "__fish_reg_up_needs_command" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_needs_command" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_needs_command" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_needs_command" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_needs_command" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-up -n "__fish_reg_up_needs_command" -s V -l version -d 'Print version'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "start" -d 'Start a registry and wait until it answers'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "configure" -d 'Change the settings of a registry'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "stop" -d 'Stop a registry; its data and settings stay'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "restart" -d 'Stop a registry and start it again'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "remove" -d 'Stop a registry and forget it; its data stays unless --purge'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "status" -d 'Say what a registry is doing'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "list" -d 'List all instances'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "info" -d 'Print the registry document of an instance'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "logs" -d 'Print the log of a registry'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "metrics" -d 'Print what a registry counts, in words that all types share'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "render" -d 'Print the configuration as a registry would be started with'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "lint" -d 'Look for mistakes in a configuration file of zot or Distribution'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "gc" -d 'Remove what no manifest needs any more'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "serve" -d 'Run the embedded registry in the foreground, for containers and systemd'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "schema" -d 'Print the JSON Schema of a document this tool reads or prints'
complete -c reg-up -n "__fish_reg_up_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l type -d 'The type of registry: embedded (nothing to install), zot or distribution [default: embedded]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l backend -d 'What runs it [default: auto]' -r -f -a "auto\t'A process when the registry\'s program is on PATH, else a container'
docker\t'A container, on Docker or Podman'
process\t'A process'"
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l image -d 'The image of its container [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l pull -d 'When the engine is to get the image [default: missing]' -r -f -a "missing\t'When the engine does not have it'
always\t'At every start'
never\t'Not at all'"
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l memory -d 'The most memory its container may use, like 512MiB; 0 for no limit' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l cpus -d 'The most processors its container may use, like 1.5; 0 for no limit' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l redis-image -d 'The image of the Redis beside it, for --with redis [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l ui-image -d 'The image of the pages beside it, for --with ui of Distribution [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l ui-port -d 'The port of those pages, 0 for any free one [default: 0]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l binary -d 'The registry\'s program [default: found on PATH]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l bind -d 'The address to listen on [default: 127.0.0.1]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l port -d 'The port to listen on, 0 for any free one [default: 5000]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l data -d 'The folder for its data [default: in the instance\'s folder]' -r -f -a "(__fish_complete_directories)"
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l tls -d 'Serve TLS with a certificate document: a file, or - for standard input' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l cert -d 'Serve TLS with this certificate (PEM, with its chain)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l key -d 'The private key of --cert (PEM)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l ca-file -d 'The certificates clients should trust, for the registry document (PEM)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l htpasswd -d 'Ask for a login of this htpasswd file (bcrypt); it is copied' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l layout -d 'Begin with this layout (a file, or - for standard input): who may do what, and an administrator with a generated password' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l with -d 'Switch on: audit, cve, metrics, scrub, search, ui (zot); read-only, redis, ui (Distribution; the latter two in containers beside it)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l without -d 'Take back what was asked for before, or switch off what is on by itself: any of --with, dedupe, gc (zot), delete (Distribution), and tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l mirror-of -d 'Be a mirror of another registry: fetch what somebody asks for, and keep it' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l mirror-every -d 'Fetch everything that often, too, asked for or not (zot)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l mirror-username -d 'The name to log in to the mirrored registry with' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l mirror-password-file -d 'The file with its password' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l mirror-password-env -d 'The variable with its password' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l webhook -d 'Tell this address of pushes and deletions' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l webhook-header-file -d 'The file with the value of the Authorization header for it, as in `Bearer …`' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l webhook-header-env -d 'The variable with that value' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l cors -d 'Let a page of this origin use the registry from a browser, as in https://ui.example' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l rate-limit -d 'Take that many requests in a second, and no more (zot)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l s3-bucket -d 'Keep the data in this bucket (Distribution)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l s3-region -d 'The region of the bucket [default: us-east-1]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l s3-endpoint -d 'The server of the bucket, when it is not Amazon\'s' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l s3-access-key -d 'The public half of the key to the bucket; without, the machine\'s own role counts' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l s3-secret-key-file -d 'The file with the secret half' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l s3-secret-key-env -d 'The variable with the secret half' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l redis-url-file -d 'Keep the cache in the Redis of this file\'s URL: redis://[USER:PASSWORD@]HOST[:PORT][/DB] (Distribution)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l redis-url-env -d 'The variable with that URL' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l config-base -d 'Lay the configuration over this file of the registry\'s own format, or - for standard input; it is copied' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l set -d 'Set any key of the configuration, as in http.realm=team; the value may be JSON, null takes a key out' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l unset -d 'Take back a --set' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l wait -d 'How long it may take until it answers' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -s r -l registry -d 'An instance that was started before, in place of NAME: its name, its URL, - for a document, or @FILE' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l open -d 'Let others than this machine in without a login'
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -l replace -d 'Start with other settings than it runs with'
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l type -d 'The type of registry: embedded (nothing to install), zot or distribution [default: embedded]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l backend -d 'What runs it [default: auto]' -r -f -a "auto\t'A process when the registry\'s program is on PATH, else a container'
docker\t'A container, on Docker or Podman'
process\t'A process'"
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l image -d 'The image of its container [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l pull -d 'When the engine is to get the image [default: missing]' -r -f -a "missing\t'When the engine does not have it'
always\t'At every start'
never\t'Not at all'"
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l memory -d 'The most memory its container may use, like 512MiB; 0 for no limit' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l cpus -d 'The most processors its container may use, like 1.5; 0 for no limit' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l redis-image -d 'The image of the Redis beside it, for --with redis [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l ui-image -d 'The image of the pages beside it, for --with ui of Distribution [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l ui-port -d 'The port of those pages, 0 for any free one [default: 0]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l binary -d 'The registry\'s program [default: found on PATH]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l bind -d 'The address to listen on [default: 127.0.0.1]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l port -d 'The port to listen on, 0 for any free one [default: 5000]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l data -d 'The folder for its data [default: in the instance\'s folder]' -r -f -a "(__fish_complete_directories)"
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l tls -d 'Serve TLS with a certificate document: a file, or - for standard input' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l cert -d 'Serve TLS with this certificate (PEM, with its chain)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l key -d 'The private key of --cert (PEM)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l ca-file -d 'The certificates clients should trust, for the registry document (PEM)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l htpasswd -d 'Ask for a login of this htpasswd file (bcrypt); it is copied' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l layout -d 'Begin with this layout (a file, or - for standard input): who may do what, and an administrator with a generated password' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l with -d 'Switch on: audit, cve, metrics, scrub, search, ui (zot); read-only, redis, ui (Distribution; the latter two in containers beside it)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l without -d 'Take back what was asked for before, or switch off what is on by itself: any of --with, dedupe, gc (zot), delete (Distribution), and tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l mirror-of -d 'Be a mirror of another registry: fetch what somebody asks for, and keep it' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l mirror-every -d 'Fetch everything that often, too, asked for or not (zot)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l mirror-username -d 'The name to log in to the mirrored registry with' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l mirror-password-file -d 'The file with its password' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l mirror-password-env -d 'The variable with its password' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l webhook -d 'Tell this address of pushes and deletions' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l webhook-header-file -d 'The file with the value of the Authorization header for it, as in `Bearer …`' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l webhook-header-env -d 'The variable with that value' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l cors -d 'Let a page of this origin use the registry from a browser, as in https://ui.example' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l rate-limit -d 'Take that many requests in a second, and no more (zot)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l s3-bucket -d 'Keep the data in this bucket (Distribution)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l s3-region -d 'The region of the bucket [default: us-east-1]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l s3-endpoint -d 'The server of the bucket, when it is not Amazon\'s' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l s3-access-key -d 'The public half of the key to the bucket; without, the machine\'s own role counts' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l s3-secret-key-file -d 'The file with the secret half' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l s3-secret-key-env -d 'The variable with the secret half' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l redis-url-file -d 'Keep the cache in the Redis of this file\'s URL: redis://[USER:PASSWORD@]HOST[:PORT][/DB] (Distribution)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l redis-url-env -d 'The variable with that URL' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l config-base -d 'Lay the configuration over this file of the registry\'s own format, or - for standard input; it is copied' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l set -d 'Set any key of the configuration, as in http.realm=team; the value may be JSON, null takes a key out' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l unset -d 'Take back a --set' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l wait -d 'How long it may take until it answers' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -s r -l registry -d 'An instance that was started before, in place of NAME: its name, its URL, - for a document, or @FILE' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -l open -d 'Let others than this machine in without a login'
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand configure" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -s r -l registry -d 'The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -l wait -d 'How long it may take to finish what it is doing' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand stop" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -s r -l registry -d 'The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -l wait -d 'How long it may take until it answers' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand restart" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -s r -l registry -d 'The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -l purge -d 'Remove its data, too'
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand remove" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -s r -l registry -d 'The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand status" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand list" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand list" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand list" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand list" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand list" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand list" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -s r -l registry -d 'The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand info" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -s r -l registry -d 'The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -l tail -d 'Only the last lines' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -l since -d 'Only what was written since: a time (2026-11-20T10:00:00Z) or how long ago (15m)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -s f -l follow -d 'Go on with what comes'
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand logs" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l registry-type -d 'The type of registry, when probing its URL is not enough' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -s u -l username -d 'The user to log in as' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l password-file -d 'Read the password from a file' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l password-env -d 'Take the password from an environment variable' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l ca-file -d 'Trust the certificates in a PEM file beside the system\'s' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l token-host -d 'A host beside the registry\'s own that may see the credential when it hands out tokens; may be repeated' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l password-stdin -d 'Read the password from standard input'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l anonymous -d 'Do not log in'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l insecure -d 'Take any certificate (warns)'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -l raw -d 'Print the page for Prometheus as it is'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand metrics" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l type -d 'The type of registry: embedded (nothing to install), zot or distribution [default: embedded]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l backend -d 'What runs it [default: auto]' -r -f -a "auto\t'A process when the registry\'s program is on PATH, else a container'
docker\t'A container, on Docker or Podman'
process\t'A process'"
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l image -d 'The image of its container [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l pull -d 'When the engine is to get the image [default: missing]' -r -f -a "missing\t'When the engine does not have it'
always\t'At every start'
never\t'Not at all'"
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l memory -d 'The most memory its container may use, like 512MiB; 0 for no limit' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l cpus -d 'The most processors its container may use, like 1.5; 0 for no limit' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l redis-image -d 'The image of the Redis beside it, for --with redis [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l ui-image -d 'The image of the pages beside it, for --with ui of Distribution [default: one of a fixed version]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l ui-port -d 'The port of those pages, 0 for any free one [default: 0]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l binary -d 'The registry\'s program [default: found on PATH]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l bind -d 'The address to listen on [default: 127.0.0.1]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l port -d 'The port to listen on, 0 for any free one [default: 5000]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l data -d 'The folder for its data [default: in the instance\'s folder]' -r -f -a "(__fish_complete_directories)"
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l tls -d 'Serve TLS with a certificate document: a file, or - for standard input' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l cert -d 'Serve TLS with this certificate (PEM, with its chain)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l key -d 'The private key of --cert (PEM)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l ca-file -d 'The certificates clients should trust, for the registry document (PEM)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l htpasswd -d 'Ask for a login of this htpasswd file (bcrypt); it is copied' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l layout -d 'Begin with this layout (a file, or - for standard input): who may do what, and an administrator with a generated password' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l with -d 'Switch on: audit, cve, metrics, scrub, search, ui (zot); read-only, redis, ui (Distribution; the latter two in containers beside it)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l without -d 'Take back what was asked for before, or switch off what is on by itself: any of --with, dedupe, gc (zot), delete (Distribution), and tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l mirror-of -d 'Be a mirror of another registry: fetch what somebody asks for, and keep it' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l mirror-every -d 'Fetch everything that often, too, asked for or not (zot)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l mirror-username -d 'The name to log in to the mirrored registry with' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l mirror-password-file -d 'The file with its password' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l mirror-password-env -d 'The variable with its password' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l webhook -d 'Tell this address of pushes and deletions' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l webhook-header-file -d 'The file with the value of the Authorization header for it, as in `Bearer …`' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l webhook-header-env -d 'The variable with that value' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l cors -d 'Let a page of this origin use the registry from a browser, as in https://ui.example' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l rate-limit -d 'Take that many requests in a second, and no more (zot)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l s3-bucket -d 'Keep the data in this bucket (Distribution)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l s3-region -d 'The region of the bucket [default: us-east-1]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l s3-endpoint -d 'The server of the bucket, when it is not Amazon\'s' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l s3-access-key -d 'The public half of the key to the bucket; without, the machine\'s own role counts' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l s3-secret-key-file -d 'The file with the secret half' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l s3-secret-key-env -d 'The variable with the secret half' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l redis-url-file -d 'Keep the cache in the Redis of this file\'s URL: redis://[USER:PASSWORD@]HOST[:PORT][/DB] (Distribution)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l redis-url-env -d 'The variable with that URL' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l config-base -d 'Lay the configuration over this file of the registry\'s own format, or - for standard input; it is copied' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l set -d 'Set any key of the configuration, as in http.realm=team; the value may be JSON, null takes a key out' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l unset -d 'Take back a --set' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l target -d 'What to render: the configuration; a compose project that starts the same in containers; or for an instance a unit that has systemd run it, or what Prometheus is to scrape and to warn of' -r -f -a "config\t'The configuration as the registry would be started with'
compose\t'A compose file; --output writes the files that its containers mount, too'
systemd\t'A unit for an instance\'s process'
prometheus\t'A scrape configuration and alert rules for an instance'"
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l output -d 'Write the files into this folder in place of printing them' -r -f -a "(__fish_complete_directories)"
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -s r -l registry -d 'An instance that was started before, in place of NAME: its name, its URL, - for a document, or @FILE' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -l open -d 'Let others than this machine in without a login'
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand render" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -l type -d 'Whose configuration it is: zot or distribution [default: guessed from its keys]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -l version -d 'The release that is to read it, as in 2.1.20 [default: any that is known]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -l binary -d 'The program that is to read it: its release and extensions count, and zot checks it, too' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -s r -l registry -d 'The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file\'s default]' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -l grace -d 'Keep what is younger than this: an upload whose manifest is still to come (embedded)' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -l plain-http -d 'Talk http to a host that is not this machine'
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -l dry-run -d 'Only count'
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -l untagged -d 'Remove manifests without a tag, too (Distribution; refused where an index would lose its images)'
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand gc" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l bind -d 'The address to listen on' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l port -d 'The port to listen on, 0 for any free one' -r
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l data -d 'The folder for its data' -r -f -a "(__fish_complete_directories)"
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l cert -d 'Serve TLS with this certificate (PEM, with its chain)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l key -d 'The private key of --cert (PEM)' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l htpasswd -d 'Ask for a login of this htpasswd file (bcrypt); changes are seen' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l layout -d 'Let in as this layout says (JSON or YAML); changes are seen' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l in-memory -d 'Keep everything in memory: for tests'
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -l open -d 'Let others than this machine in without a login'
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-up -n "__fish_reg_up_using_subcommand schema" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand schema" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand schema" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand schema" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand schema" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand schema" -s h -l help -d 'Print help'
complete -c reg-up -n "__fish_reg_up_using_subcommand completions" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand completions" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-up -n "__fish_reg_up_using_subcommand completions" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-up -n "__fish_reg_up_using_subcommand completions" -s q -l quiet -d 'No progress'
complete -c reg-up -n "__fish_reg_up_using_subcommand completions" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-up -n "__fish_reg_up_using_subcommand completions" -s h -l help -d 'Print help'

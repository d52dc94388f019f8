# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_reg_certs_global_optspecs
    string join \n o/output-format= q/quiet v/verbose log-format= config= h/help V/version
end

function __fish_reg_certs_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_reg_certs_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_reg_certs_using_subcommand
    set -l cmd (__fish_reg_certs_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c reg-certs -n "__fish_reg_certs_needs_command" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_needs_command" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_needs_command" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_needs_command" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -s V -l version -d 'Print version'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "ca" -d 'Make an authority, once'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "issue" -d 'Issue a certificate for hosts'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "verify" -d 'Check a certificate: chain, host, time, key, usage, names, algorithms'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "show" -d 'Print what a certificate says'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "expires" -d 'List certificates with their last day, and end with 7 when one must be renewed'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "renew" -d 'Issue a certificate again for the same names before it expires'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "trust" -d 'Make Docker, Podman or this system believe an authority'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "untrust" -d 'Take back what trust did'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "schema" -d 'Print the JSON Schema of a document this tool reads or prints'
complete -c reg-certs -n "__fish_reg_certs_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -l name -d 'Its common name [default: reg CA and a few digits of its key]' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -l dir -d 'Its folder [default: $XDG_DATA_HOME/reg/ca]' -r -f -a "(__fish_complete_directories)"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -l days -d 'How many days it is good for [default: 3650]' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -l constrain -d 'Let it sign only for these domains, what is below them, and these networks (10.0.0.0/8)' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -l key -d 'The type of its key [default: ecdsa-p256]' -r -f -a "ecdsa-p256\t''
ecdsa-p384\t''
ed25519\t''
rsa-2048\t''
rsa-4096\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand ca" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l ca -d 'The authority: a folder of ours or mkcert\'s, or a certificate file [default: $XDG_DATA_HOME/reg/ca]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l ca-key -d 'The private key of --ca, when it is not beside it' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l days -d 'How many days it is good for; clients refuse more than 398 from public authorities. One that was made for fewer days than are asked for is issued anew [default: 397]' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l key -d 'The type of its key [default: ecdsa-p256]' -r -f -a "ecdsa-p256\t''
ecdsa-p384\t''
ed25519\t''
rsa-2048\t''
rsa-4096\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l out -d 'The folder for HOST.pem, HOST.chain.pem and HOST.key [default: $XDG_DATA_HOME/reg/certs]' -r -f -a "(__fish_complete_directories)"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l csr -d 'Sign this request (PKCS #10, PEM or DER): a file, or - for standard input; HOSTs then are all that it may ask for' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l server -d 'For a server [default]'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l client -d 'For a client'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l both -d 'For a server that is a client, too'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -l force -d 'Issue a new one with a new key, whatever is there'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -l ca -d 'Believe these authorities beside the system\'s: a PEM file, or an authority\'s folder [default: $XDG_DATA_HOME/reg/ca]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -l host -d 'The host that clients ask for' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -l key-file -d 'Its private key [default: the one beside it]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -l root -d 'Look for /etc below this folder' -r -f -a "(__fish_complete_directories)"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand show" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand show" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand show" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand show" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand show" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand show" -s h -l help -d 'Print help'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand expires" -l within -d 'What expires within this time must be renewed [default: 30d, or a third of its life if that is shorter]' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand expires" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand expires" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand expires" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand expires" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand expires" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand expires" -s h -l help -d 'Print help'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l ca -d 'The authority: a folder of ours or mkcert\'s, or a certificate file [default: $XDG_DATA_HOME/reg/ca]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l ca-key -d 'The private key of --ca, when it is not beside it' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l within -d 'Renew when it expires within this time, or within a third of its life if that is shorter' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l key -d 'The type of the new key [default: that of the old one]' -r -f -a "ecdsa-p256\t''
ecdsa-p384\t''
ed25519\t''
rsa-2048\t''
rsa-4096\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l key-file -d 'Its private key [default: the one beside it]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l days -d 'How many days it is good for [default: as many as before]' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l force -d 'Renew now'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -l rotate -d 'Make a new key, too'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l host -d 'The registry as images name it, HOST:PORT [default: the one of -r]' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l ca -d 'The authority: a PEM file, or an authority\'s folder [default: the one of -r, else $XDG_DATA_HOME/reg/ca]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l root -d 'Look for /etc and /usr below this folder' -r -f -a "(__fish_complete_directories)"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l docker -d 'Docker: certs.d/HOST:PORT/ca.crt'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l containers -d 'Podman, Buildah and Skopeo: certs.d/HOST:PORT/ca.crt'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l system -d 'Everything on this system: its bundle of authorities'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l user -d 'Your own folders, as rootless Docker and Podman read them [default: for Podman unless you are root]'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -l dry-run -d 'Change nothing; say what would be, and how a shell would do it'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand trust" -s h -l help -d 'Print help'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l host -d 'The registry as images name it, HOST:PORT [default: the one of -r]' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l ca -d 'The authority: a PEM file, or an authority\'s folder [default: the one of -r, else $XDG_DATA_HOME/reg/ca]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -s r -l registry -d 'The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE' -r
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l root -d 'Look for /etc and /usr below this folder' -r -f -a "(__fish_complete_directories)"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l docker -d 'Docker: certs.d/HOST:PORT/ca.crt'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l containers -d 'Podman, Buildah and Skopeo: certs.d/HOST:PORT/ca.crt'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l system -d 'Everything on this system: its bundle of authorities'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l user -d 'Your own folders, as rootless Docker and Podman read them [default: for Podman unless you are root]'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -l dry-run -d 'Change nothing; say what would be, and how a shell would do it'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand untrust" -s h -l help -d 'Print help'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand schema" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand schema" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand schema" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand schema" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand schema" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand schema" -s h -l help -d 'Print help'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand completions" -s o -l output-format -d 'What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]' -r -f -a "json\t''
jsonl\t''
table\t''
name\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand completions" -l log-format -d 'What standard error looks like [default: text]' -r -f -a "text\t''
json\t''"
complete -c reg-certs -n "__fish_reg_certs_using_subcommand completions" -l config -d 'The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]' -r -F
complete -c reg-certs -n "__fish_reg_certs_using_subcommand completions" -s q -l quiet -d 'No progress'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand completions" -s v -l verbose -d 'Tell each request; -vv also what it waits for'
complete -c reg-certs -n "__fish_reg_certs_using_subcommand completions" -s h -l help -d 'Print help'

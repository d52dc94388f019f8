module completions {

  def "nu-complete reg-certs output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs log-format" [] {
    [ "text" "json" ]
  }

  # Issue, check and renew TLS certificates
  export extern reg-certs [
    --output-format(-o): string@"nu-complete reg-certs output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete reg-certs ca key" [] {
    [ "ecdsa-p256" "ecdsa-p384" "ed25519" "rsa-2048" "rsa-4096" ]
  }

  def "nu-complete reg-certs ca output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs ca log-format" [] {
    [ "text" "json" ]
  }

  # Make an authority, once
  export extern "reg-certs ca" [
    --name: string            # Its common name [default: reg CA and a few digits of its key]
    --dir: directory          # Its folder [default: $XDG_DATA_HOME/reg/ca]
    --days: string            # How many days it is good for [default: 3650]
    --constrain: string       # Let it sign only for these domains, what is below them, and these networks (10.0.0.0/8)
    --key: string@"nu-complete reg-certs ca key" # The type of its key [default: ecdsa-p256]
    --output-format(-o): string@"nu-complete reg-certs ca output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs ca log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete reg-certs issue key" [] {
    [ "ecdsa-p256" "ecdsa-p384" "ed25519" "rsa-2048" "rsa-4096" ]
  }

  def "nu-complete reg-certs issue output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs issue log-format" [] {
    [ "text" "json" ]
  }

  # Issue a certificate for hosts
  export extern "reg-certs issue" [
    --ca: path                # The authority: a folder of ours or mkcert's, or a certificate file [default: $XDG_DATA_HOME/reg/ca]
    --ca-key: path            # The private key of --ca, when it is not beside it
    --server                  # For a server [default]
    --client                  # For a client
    --both                    # For a server that is a client, too
    --days: string            # How many days it is good for; clients refuse more than 398 from public authorities. One that was made for fewer days than are asked for is issued anew [default: 397]
    --key: string@"nu-complete reg-certs issue key" # The type of its key [default: ecdsa-p256]
    --out: directory          # The folder for HOST.pem, HOST.chain.pem and HOST.key [default: $XDG_DATA_HOME/reg/certs]
    --csr: path               # Sign this request (PKCS #10, PEM or DER): a file, or - for standard input; HOSTs then are all that it may ask for
    --force                   # Issue a new one with a new key, whatever is there
    --output-format(-o): string@"nu-complete reg-certs issue output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs issue log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    ...hosts: string          # What it is for: names (*.example.com too), addresses, mail addresses, URIs
  ]

  def "nu-complete reg-certs verify output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs verify log-format" [] {
    [ "text" "json" ]
  }

  # Check a certificate: chain, host, time, key, usage, names, algorithms
  export extern "reg-certs verify" [
    --ca: path                # Believe these authorities beside the system's: a PEM file, or an authority's folder [default: $XDG_DATA_HOME/reg/ca]
    --host: string            # The host that clients ask for
    --key-file: path          # Its private key [default: the one beside it]
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE
    --root: directory         # Look for /etc below this folder
    --output-format(-o): string@"nu-complete reg-certs verify output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs verify log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    subject?: string          # The certificate: a file, https://HOST, or - for PEM or a certificate document [default: what the registry of -r serves]
  ]

  def "nu-complete reg-certs show output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs show log-format" [] {
    [ "text" "json" ]
  }

  # Print what a certificate says
  export extern "reg-certs show" [
    --output-format(-o): string@"nu-complete reg-certs show output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs show log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    subject: string           # The certificate: a file, https://HOST, or - for PEM or a certificate document
  ]

  def "nu-complete reg-certs expires output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs expires log-format" [] {
    [ "text" "json" ]
  }

  # List certificates with their last day, and end with 7 when one must be renewed
  export extern "reg-certs expires" [
    --within: string          # What expires within this time must be renewed [default: 30d, or a third of its life if that is shorter]
    --output-format(-o): string@"nu-complete reg-certs expires output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs expires log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    ...paths: path            # Files, folders with all that is below them, or - for their names on standard input
  ]

  def "nu-complete reg-certs renew key" [] {
    [ "ecdsa-p256" "ecdsa-p384" "ed25519" "rsa-2048" "rsa-4096" ]
  }

  def "nu-complete reg-certs renew output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs renew log-format" [] {
    [ "text" "json" ]
  }

  # Issue a certificate again for the same names before it expires
  export extern "reg-certs renew" [
    --ca: path                # The authority: a folder of ours or mkcert's, or a certificate file [default: $XDG_DATA_HOME/reg/ca]
    --ca-key: path            # The private key of --ca, when it is not beside it
    --within: string          # Renew when it expires within this time, or within a third of its life if that is shorter
    --force                   # Renew now
    --rotate                  # Make a new key, too
    --key: string@"nu-complete reg-certs renew key" # The type of the new key [default: that of the old one]
    --key-file: path          # Its private key [default: the one beside it]
    --days: string            # How many days it is good for [default: as many as before]
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE
    --output-format(-o): string@"nu-complete reg-certs renew output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs renew log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    subject?: path            # The certificate: a file, or - for a certificate document [default: that of the instance of -r]
  ]

  def "nu-complete reg-certs trust output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs trust log-format" [] {
    [ "text" "json" ]
  }

  # Make Docker, Podman or this system believe an authority
  export extern "reg-certs trust" [
    --docker                  # Docker: certs.d/HOST:PORT/ca.crt
    --containers              # Podman, Buildah and Skopeo: certs.d/HOST:PORT/ca.crt
    --system                  # Everything on this system: its bundle of authorities
    --host: string            # The registry as images name it, HOST:PORT [default: the one of -r]
    --ca: path                # The authority: a PEM file, or an authority's folder [default: the one of -r, else $XDG_DATA_HOME/reg/ca]
    --user                    # Your own folders, as rootless Docker and Podman read them [default: for Podman unless you are root]
    --dry-run                 # Change nothing; say what would be, and how a shell would do it
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE
    --root: directory         # Look for /etc and /usr below this folder
    --output-format(-o): string@"nu-complete reg-certs trust output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs trust log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-certs untrust output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs untrust log-format" [] {
    [ "text" "json" ]
  }

  # Take back what trust did
  export extern "reg-certs untrust" [
    --docker                  # Docker: certs.d/HOST:PORT/ca.crt
    --containers              # Podman, Buildah and Skopeo: certs.d/HOST:PORT/ca.crt
    --system                  # Everything on this system: its bundle of authorities
    --host: string            # The registry as images name it, HOST:PORT [default: the one of -r]
    --ca: path                # The authority: a PEM file, or an authority's folder [default: the one of -r, else $XDG_DATA_HOME/reg/ca]
    --user                    # Your own folders, as rootless Docker and Podman read them [default: for Podman unless you are root]
    --dry-run                 # Change nothing; say what would be, and how a shell would do it
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE
    --root: directory         # Look for /etc and /usr below this folder
    --output-format(-o): string@"nu-complete reg-certs untrust output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs untrust log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-certs schema KIND" [] {
    [ "certificate" "certificates" "verification" "trust" "registry" "rendered" "error" ]
  }

  def "nu-complete reg-certs schema output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs schema log-format" [] {
    [ "text" "json" ]
  }

  # Print the JSON Schema of a document this tool reads or prints
  export extern "reg-certs schema" [
    --output-format(-o): string@"nu-complete reg-certs schema output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs schema log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    KIND?: string@"nu-complete reg-certs schema KIND" # Which one [default: all, as one object by kind]
  ]

  def "nu-complete reg-certs completions SHELL" [] {
    [ "bash" "zsh" "fish" "nushell" ]
  }

  def "nu-complete reg-certs completions output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-certs completions log-format" [] {
    [ "text" "json" ]
  }

  # Print the completions for a shell
  export extern "reg-certs completions" [
    --output-format(-o): string@"nu-complete reg-certs completions output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-certs completions log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    SHELL: string@"nu-complete reg-certs completions SHELL" # Which shell
  ]

}

export use completions *

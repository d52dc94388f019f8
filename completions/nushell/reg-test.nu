module completions {

  def "nu-complete reg-test output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test log-format" [] {
    [ "text" "json" ]
  }

  # Prove that an OCI registry works
  export extern reg-test [
    --output-format(-o): string@"nu-complete reg-test output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete reg-test health output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test health log-format" [] {
    [ "text" "json" ]
  }

  # Is it well: API, login, version, certificate, its own health, how fast it answers
  export extern "reg-test health" [
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --registry-type: string   # The type of registry, when probing its URL is not enough
    --username(-u): string    # The user to log in as
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --anonymous               # Do not log in
    --ca-file: path           # Trust the certificates in a PEM file beside the system's
    --insecure                # Take any certificate (warns)
    --plain-http              # Talk http to a host that is not this machine
    --token-host: string      # A host beside the registry's own that may see the credential when it hands out tokens; may be repeated
    --wait: string            # How long to wait until it answers, like 120s [default: not at all]
    --output-format(-o): string@"nu-complete reg-test health output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test health log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-test catalog output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test catalog log-format" [] {
    [ "text" "json" ]
  }

  # Read all pages of its catalog and check the names
  export extern "reg-test catalog" [
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --registry-type: string   # The type of registry, when probing its URL is not enough
    --username(-u): string    # The user to log in as
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --anonymous               # Do not log in
    --ca-file: path           # Trust the certificates in a PEM file beside the system's
    --insecure                # Take any certificate (warns)
    --plain-http              # Talk http to a host that is not this machine
    --token-host: string      # A host beside the registry's own that may see the credential when it hands out tokens; may be repeated
    --wait: string            # How long to wait until it answers, like 120s [default: not at all]
    --output-format(-o): string@"nu-complete reg-test catalog output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test catalog log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-test push output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test push log-format" [] {
    [ "text" "json" ]
  }

  # Push a tiny image, the same bytes every time
  export extern "reg-test push" [
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --registry-type: string   # The type of registry, when probing its URL is not enough
    --username(-u): string    # The user to log in as
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --anonymous               # Do not log in
    --ca-file: path           # Trust the certificates in a PEM file beside the system's
    --insecure                # Take any certificate (warns)
    --plain-http              # Talk http to a host that is not this machine
    --token-host: string      # A host beside the registry's own that may see the credential when it hands out tokens; may be repeated
    --wait: string            # How long to wait until it answers, like 120s [default: not at all]
    --repository: string      # The repository for the image, NAMESPACE/NAME
    --output-format(-o): string@"nu-complete reg-test push output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test push log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-test pull output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test pull log-format" [] {
    [ "text" "json" ]
  }

  # Pull the image that push pushed, by tag and by digest, and compare every byte
  export extern "reg-test pull" [
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --registry-type: string   # The type of registry, when probing its URL is not enough
    --username(-u): string    # The user to log in as
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --anonymous               # Do not log in
    --ca-file: path           # Trust the certificates in a PEM file beside the system's
    --insecure                # Take any certificate (warns)
    --plain-http              # Talk http to a host that is not this machine
    --token-host: string      # A host beside the registry's own that may see the credential when it hands out tokens; may be repeated
    --wait: string            # How long to wait until it answers, like 120s [default: not at all]
    --repository: string      # The repository for the image, NAMESPACE/NAME
    --output-format(-o): string@"nu-complete reg-test pull output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test pull log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-test push-pull output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test push-pull log-format" [] {
    [ "text" "json" ]
  }

  # Push an image of random bytes, pull it back, compare, and clean up
  export extern "reg-test push-pull" [
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --registry-type: string   # The type of registry, when probing its URL is not enough
    --username(-u): string    # The user to log in as
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --anonymous               # Do not log in
    --ca-file: path           # Trust the certificates in a PEM file beside the system's
    --insecure                # Take any certificate (warns)
    --plain-http              # Talk http to a host that is not this machine
    --token-host: string      # A host beside the registry's own that may see the credential when it hands out tokens; may be repeated
    --wait: string            # How long to wait until it answers, like 120s [default: not at all]
    --repository: string      # The repository for the image, NAMESPACE/NAME
    --output-format(-o): string@"nu-complete reg-test push-pull output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test push-pull log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-test all output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test all log-format" [] {
    [ "text" "json" ]
  }

  # All that only reads; with --write also push-pull
  export extern "reg-test all" [
    --registry(-r): string    # The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --registry-type: string   # The type of registry, when probing its URL is not enough
    --username(-u): string    # The user to log in as
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --anonymous               # Do not log in
    --ca-file: path           # Trust the certificates in a PEM file beside the system's
    --insecure                # Take any certificate (warns)
    --plain-http              # Talk http to a host that is not this machine
    --token-host: string      # A host beside the registry's own that may see the credential when it hands out tokens; may be repeated
    --wait: string            # How long to wait until it answers, like 120s [default: not at all]
    --repository: string      # The repository for the image, NAMESPACE/NAME
    --write                   # Push and pull, too
    --output-format(-o): string@"nu-complete reg-test all output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test all log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-test schema KIND" [] {
    [ "test-report" "registry" "rendered" "error" ]
  }

  def "nu-complete reg-test schema output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test schema log-format" [] {
    [ "text" "json" ]
  }

  # Print the JSON Schema of a document this tool reads or prints
  export extern "reg-test schema" [
    --output-format(-o): string@"nu-complete reg-test schema output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test schema log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    KIND?: string@"nu-complete reg-test schema KIND" # Which one [default: all, as one object by kind]
  ]

  def "nu-complete reg-test completions SHELL" [] {
    [ "bash" "zsh" "fish" "nushell" ]
  }

  def "nu-complete reg-test completions output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-test completions log-format" [] {
    [ "text" "json" ]
  }

  # Print the completions for a shell
  export extern "reg-test completions" [
    --output-format(-o): string@"nu-complete reg-test completions output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-test completions log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    SHELL: string@"nu-complete reg-test completions SHELL" # Which shell
  ]

}

export use completions *

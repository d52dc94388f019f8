module completions {

  def "nu-complete reg-init output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init log-format" [] {
    [ "text" "json" ]
  }

  # Converge an OCI registry to its layout
  export extern reg-init [
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
    --layout: path            # The layout: a file (JSON or YAML), or - for standard input [default: the registry's stored one, of an instance else the default one]
    --prune                   # Remove namespaces, users, groups, robots and webhooks that the layout does not name
    --strict                  # End with 6, and change nothing, when the registry cannot do all that the layout says
    --detailed-exitcode       # End with 7 when something changes or would
    --wait: string            # How long to wait until the registry answers
    --no-test-image           # Do not push the layout's test image and pull it back
    --out: directory          # Keep generated passwords in this folder [default: the instance's]
    --output-format(-o): string@"nu-complete reg-init output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete reg-init apply output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init apply log-format" [] {
    [ "text" "json" ]
  }

  # Make a registry what its layout says
  export extern "reg-init apply" [
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
    --layout: path            # The layout: a file (JSON or YAML), or - for standard input [default: the registry's stored one, of an instance else the default one]
    --prune                   # Remove namespaces, users, groups, robots and webhooks that the layout does not name
    --strict                  # End with 6, and change nothing, when the registry cannot do all that the layout says
    --detailed-exitcode       # End with 7 when something changes or would
    --wait: string            # How long to wait until the registry answers
    --no-test-image           # Do not push the layout's test image and pull it back
    --out: directory          # Keep generated passwords in this folder [default: the instance's]
    --output-format(-o): string@"nu-complete reg-init apply output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init apply log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-init plan output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init plan log-format" [] {
    [ "text" "json" ]
  }

  # Tell what would change
  export extern "reg-init plan" [
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
    --layout: path            # The layout: a file (JSON or YAML), or - for standard input [default: the registry's stored one, of an instance else the default one]
    --prune                   # Remove namespaces, users, groups, robots and webhooks that the layout does not name
    --strict                  # End with 6, and change nothing, when the registry cannot do all that the layout says
    --detailed-exitcode       # End with 7 when something changes or would
    --output-format(-o): string@"nu-complete reg-init plan output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init plan log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-init layout output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init layout log-format" [] {
    [ "text" "json" ]
  }

  # Print a layout: the default one, or a given one as it is understood
  export extern "reg-init layout" [
    --output-format(-o): string@"nu-complete reg-init layout output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init layout log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    layout?: path             # A file (JSON or YAML), or - for standard input [default: the default layout]
  ]

  def "nu-complete reg-init export output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init export log-format" [] {
    [ "text" "json" ]
  }

  # Print what a registry is, as a layout
  export extern "reg-init export" [
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
    --output-format(-o): string@"nu-complete reg-init export output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init export log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-init lint output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init lint log-format" [] {
    [ "text" "json" ]
  }

  # Tell what in a layout is hardly meant
  export extern "reg-init lint" [
    --output-format(-o): string@"nu-complete reg-init lint output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init lint log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    layout?: path             # A file (JSON or YAML), or - for standard input [default: the default layout]
  ]

  def "nu-complete reg-init schema KIND" [] {
    [ "layout" "plan" "init-report" "lint-report" "registry" "rendered" "error" ]
  }

  def "nu-complete reg-init schema output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init schema log-format" [] {
    [ "text" "json" ]
  }

  # Print the JSON Schema of a document this tool reads or prints
  export extern "reg-init schema" [
    --output-format(-o): string@"nu-complete reg-init schema output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init schema log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    KIND?: string@"nu-complete reg-init schema KIND" # Which one [default: all, as one object by kind]
  ]

  def "nu-complete reg-init completions SHELL" [] {
    [ "bash" "zsh" "fish" "nushell" ]
  }

  def "nu-complete reg-init completions output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-init completions log-format" [] {
    [ "text" "json" ]
  }

  # Print the completions for a shell
  export extern "reg-init completions" [
    --output-format(-o): string@"nu-complete reg-init completions output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-init completions log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    SHELL: string@"nu-complete reg-init completions SHELL" # Which shell
  ]

}

export use completions *

module completions {

  def "nu-complete reg-ns output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns log-format" [] {
    [ "text" "json" ]
  }

  # Look after what is in an OCI registry: namespaces, repositories, tags, manifests
  export extern reg-ns [
    --output-format(-o): string@"nu-complete reg-ns output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete reg-ns list output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns list log-format" [] {
    [ "text" "json" ]
  }

  # List the namespaces
  export extern "reg-ns list" [
    --registry(-r): string    # A registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE; may be repeated [default: REG_REGISTRY, REG_MODE, or the config file's default]
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
    --output-format(-o): string@"nu-complete reg-ns list output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns list log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete reg-ns info output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns info log-format" [] {
    [ "text" "json" ]
  }

  # Show all of namespaces: their rules, what they hold, what they take
  export extern "reg-ns info" [
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
    --output-format(-o): string@"nu-complete reg-ns info output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns info log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    ...namespaces: string     # The namespaces; - for the names on standard input, one a line
  ]

  def "nu-complete reg-ns create access" [] {
    [ "authenticated" "none" ]
  }

  def "nu-complete reg-ns create output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns create log-format" [] {
    [ "text" "json" ]
  }

  # Make a namespace
  export extern "reg-ns create" [
    --description: string     # What it is for
    --public                  # Everybody may read, without a login
    --access: string@"nu-complete reg-ns create access" # Who else may do something [default: authenticated]
    --quota: string           # The most that its blobs may take: 10GiB
    --keep-last: string       # Keep so many of the newest tags of each repository
    --keep-days: string       # Keep tags pushed less than so many days ago
    --exist-ok                # Accept one that is there, when it has what these flags say
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
    --output-format(-o): string@"nu-complete reg-ns create output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns create log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    namespace: string         # The namespace: a prefix of repository names
  ]

  def "nu-complete reg-ns delete output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns delete log-format" [] {
    [ "text" "json" ]
  }

  # Delete a namespace
  export extern "reg-ns delete" [
    --force                   # Although it is not empty: delete all that is in it
    --dry-run                 # Delete nothing; say what would be
    --missing-ok              # Accept that it is not there
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
    --output-format(-o): string@"nu-complete reg-ns delete output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns delete log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    namespace: string         # The namespace
  ]

  def "nu-complete reg-ns setup output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns setup log-format" [] {
    [ "text" "json" ]
  }

  # Make the namespaces of a layout, and nothing else of it
  export extern "reg-ns setup" [
    --layout: path            # The layout: a file (JSON or YAML), or - for standard input [default: the registry's stored one, of an instance else the default one]
    --update                  # Change namespaces that are there, too
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
    --output-format(-o): string@"nu-complete reg-ns setup output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns setup log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete reg-ns quota output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns quota log-format" [] {
    [ "text" "json" ]
  }

  # Quotas of namespaces
  export extern "reg-ns quota" [
    --output-format(-o): string@"nu-complete reg-ns quota output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns quota log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-ns quota check output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns quota check log-format" [] {
    [ "text" "json" ]
  }

  # Measure namespaces against their quotas
  export extern "reg-ns quota check" [
    --layout: path            # The layout with the rules: a file (JSON or YAML), or - for standard input [default: the registry's]
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
    --output-format(-o): string@"nu-complete reg-ns quota check output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns quota check log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    ...namespaces: string     # The namespaces; - for the names on standard input, one a line [default: those with a quota]
  ]

  def "nu-complete reg-ns prune by" [] {
    [ "pushed" "created" ]
  }

  def "nu-complete reg-ns prune output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns prune log-format" [] {
    [ "text" "json" ]
  }

  # Delete the tags that retention does not keep
  export extern "reg-ns prune" [
    --dry-run                 # Delete nothing; say what would be
    --by: string@"nu-complete reg-ns prune by" # What the age of a tag is counted from; created reads manifest and configuration of each
    --layout: path            # The layout with the rules: a file (JSON or YAML), or - for standard input [default: the registry's]
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
    --output-format(-o): string@"nu-complete reg-ns prune output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns prune log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    ...namespaces: string     # The namespaces; - for the names on standard input, one a line [default: those with retention]
  ]

  def "nu-complete reg-ns repos output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns repos log-format" [] {
    [ "text" "json" ]
  }

  # List the repositories
  export extern "reg-ns repos" [
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
    --output-format(-o): string@"nu-complete reg-ns repos output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns repos log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    namespace?: string        # The namespace: only repositories of this name or below it
  ]

  def "nu-complete reg-ns tags sort" [] {
    [ "name" "semver" "time" ]
  }

  def "nu-complete reg-ns tags by" [] {
    [ "pushed" "created" ]
  }

  def "nu-complete reg-ns tags output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns tags log-format" [] {
    [ "text" "json" ]
  }

  # List the tags of a repository
  export extern "reg-ns tags" [
    --match: string           # Only tags in which this regular expression is found
    --semver: string          # Only tags that are versions (a v in front is fine) within a range: ^1.2, ~1.2, '>=1.2, <2'
    --sort: string@"nu-complete reg-ns tags sort" # How they are sorted
    --by: string@"nu-complete reg-ns tags by" # What is taken for the time of a tag; created reads manifest and configuration of each
    --long(-l)                # Also digest, media type, size and time: a request a tag
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
    --output-format(-o): string@"nu-complete reg-ns tags output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns tags log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    repository: string        # The repository
  ]

  def "nu-complete reg-ns manifest output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns manifest log-format" [] {
    [ "text" "json" ]
  }

  # Print a manifest
  export extern "reg-ns manifest" [
    --platform: string        # Of an index, the image for this platform: linux/amd64, linux/arm/v7
    --raw                     # Print its bytes as they are
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
    --output-format(-o): string@"nu-complete reg-ns manifest output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns manifest log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    reference: string         # The manifest
  ]

  def "nu-complete reg-ns referrers output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns referrers log-format" [] {
    [ "text" "json" ]
  }

  # List what says something about a manifest: signatures, bills of materials, attestations
  export extern "reg-ns referrers" [
    --artifact-type: string   # Only those of this type
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
    --output-format(-o): string@"nu-complete reg-ns referrers output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns referrers log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    reference: string         # The manifest that they are about
  ]

  def "nu-complete reg-ns tag output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns tag log-format" [] {
    [ "text" "json" ]
  }

  # Let tags point to a manifest: no layer is moved, and the manifest stays byte for byte
  export extern "reg-ns tag" [
    --force                   # Move tags that point to another manifest
    --exist-ok                # Leave tags that point to another manifest as they are, without an error
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
    --output-format(-o): string@"nu-complete reg-ns tag output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns tag log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    reference: string         # The manifest
    ...tags: string           # The tags, in the same repository
  ]

  def "nu-complete reg-ns rm output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns rm log-format" [] {
    [ "text" "json" ]
  }

  # Delete tags, or with --digest manifests
  export extern "reg-ns rm" [
    --repository: string      # The repository, where REFERENCE is a tag or a digest alone
    --digest                  # Delete the manifest, with the tags that point to it and the manifests about it
    --force                   # With --digest, although other tags point to it, manifests are about it, or an index lists it
    --missing-ok              # Pass over what is not there
    --dry-run                 # Delete nothing; say what would be
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
    --output-format(-o): string@"nu-complete reg-ns rm output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns rm log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    ...references: string     # What is to go; - for the references on standard input, one a line
  ]

  def "nu-complete reg-ns stats output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns stats log-format" [] {
    [ "text" "json" ]
  }

  # Count namespaces, repositories, tags, manifests and bytes
  export extern "reg-ns stats" [
    --registry(-r): string    # A registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE; may be repeated [default: REG_REGISTRY, REG_MODE, or the config file's default]
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
    --output-format(-o): string@"nu-complete reg-ns stats output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns stats log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete reg-ns schema KIND" [] {
    [ "namespaces" "namespace-info" "namespace-report" "quota-report" "prune-report" "layout" "repositories" "tags" "manifest" "referrers" "tagged" "deleted" "statistics" "registry" "rendered" "error" ]
  }

  def "nu-complete reg-ns schema output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns schema log-format" [] {
    [ "text" "json" ]
  }

  # Print the JSON Schema of a document this tool reads or prints
  export extern "reg-ns schema" [
    --output-format(-o): string@"nu-complete reg-ns schema output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns schema log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    KIND?: string@"nu-complete reg-ns schema KIND" # Which one [default: all, as one object by kind]
  ]

  def "nu-complete reg-ns completions SHELL" [] {
    [ "bash" "zsh" "fish" "nushell" ]
  }

  def "nu-complete reg-ns completions output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-ns completions log-format" [] {
    [ "text" "json" ]
  }

  # Print the completions for a shell
  export extern "reg-ns completions" [
    --output-format(-o): string@"nu-complete reg-ns completions output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-ns completions log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    SHELL: string@"nu-complete reg-ns completions SHELL" # Which shell
  ]

}

export use completions *

module completions {

  def "nu-complete reg-up output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up log-format" [] {
    [ "text" "json" ]
  }

  # Start, stop and watch registries on this machine
  export extern reg-up [
    --output-format(-o): string@"nu-complete reg-up output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete reg-up start backend" [] {
    [ "auto" "docker" "process" ]
  }

  def "nu-complete reg-up start pull" [] {
    [ "missing" "always" "never" ]
  }

  def "nu-complete reg-up start output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up start log-format" [] {
    [ "text" "json" ]
  }

  # Start a registry and wait until it answers
  export extern "reg-up start" [
    --type: string            # The type of registry: embedded (nothing to install), zot or distribution [default: embedded]
    --backend: string@"nu-complete reg-up start backend" # What runs it [default: auto]
    --image: string           # The image of its container [default: one of a fixed version]
    --pull: string@"nu-complete reg-up start pull" # When the engine is to get the image [default: missing]
    --memory: string          # The most memory its container may use, like 512MiB; 0 for no limit
    --cpus: string            # The most processors its container may use, like 1.5; 0 for no limit
    --redis-image: string     # The image of the Redis beside it, for --with redis [default: one of a fixed version]
    --ui-image: string        # The image of the pages beside it, for --with ui of Distribution [default: one of a fixed version]
    --ui-port: string         # The port of those pages, 0 for any free one [default: 0]
    --binary: path            # The registry's program [default: found on PATH]
    --bind: string            # The address to listen on [default: 127.0.0.1]
    --port: string            # The port to listen on, 0 for any free one [default: 5000]
    --data: directory         # The folder for its data [default: in the instance's folder]
    --tls: path               # Serve TLS with a certificate document: a file, or - for standard input
    --cert: path              # Serve TLS with this certificate (PEM, with its chain)
    --key: path               # The private key of --cert (PEM)
    --ca-file: path           # The certificates clients should trust, for the registry document (PEM)
    --htpasswd: path          # Ask for a login of this htpasswd file (bcrypt); it is copied
    --layout: path            # Begin with this layout (a file, or - for standard input): who may do what, and an administrator with a generated password
    --open                    # Let others than this machine in without a login
    --with: string            # Switch on: audit, cve, metrics, scrub, search, ui (zot); read-only, redis, ui (Distribution; the latter two in containers beside it)
    --without: string         # Take back what was asked for before, or switch off what is on by itself: any of --with, dedupe, gc (zot), delete (Distribution), and tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base
    --mirror-of: string       # Be a mirror of another registry: fetch what somebody asks for, and keep it
    --mirror-every: string    # Fetch everything that often, too, asked for or not (zot)
    --mirror-username: string # The name to log in to the mirrored registry with
    --mirror-password-file: path # The file with its password
    --mirror-password-env: string # The variable with its password
    --webhook: string         # Tell this address of pushes and deletions
    --webhook-header-file: path # The file with the value of the Authorization header for it, as in `Bearer …`
    --webhook-header-env: string # The variable with that value
    --cors: string            # Let a page of this origin use the registry from a browser, as in https://ui.example
    --rate-limit: string      # Take that many requests in a second, and no more (zot)
    --s3-bucket: string       # Keep the data in this bucket (Distribution)
    --s3-region: string       # The region of the bucket [default: us-east-1]
    --s3-endpoint: string     # The server of the bucket, when it is not Amazon's
    --s3-access-key: string   # The public half of the key to the bucket; without, the machine's own role counts
    --s3-secret-key-file: path # The file with the secret half
    --s3-secret-key-env: string # The variable with the secret half
    --redis-url-file: path    # Keep the cache in the Redis of this file's URL: redis://[USER:PASSWORD@]HOST[:PORT][/DB] (Distribution)
    --redis-url-env: string   # The variable with that URL
    --config-base: path       # Lay the configuration over this file of the registry's own format, or - for standard input; it is copied
    --set: string             # Set any key of the configuration, as in http.realm=team; the value may be JSON, null takes a key out
    --unset: string           # Take back a --set
    --replace                 # Start with other settings than it runs with
    --wait: string            # How long it may take until it answers
    --registry(-r): string    # An instance that was started before, in place of NAME: its name, its URL, - for a document, or @FILE
    --output-format(-o): string@"nu-complete reg-up start output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up start log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    name?: string             # The name of the instance [default: its type]
  ]

  def "nu-complete reg-up configure backend" [] {
    [ "auto" "docker" "process" ]
  }

  def "nu-complete reg-up configure pull" [] {
    [ "missing" "always" "never" ]
  }

  def "nu-complete reg-up configure output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up configure log-format" [] {
    [ "text" "json" ]
  }

  # Change the settings of a registry
  export extern "reg-up configure" [
    --type: string            # The type of registry: embedded (nothing to install), zot or distribution [default: embedded]
    --backend: string@"nu-complete reg-up configure backend" # What runs it [default: auto]
    --image: string           # The image of its container [default: one of a fixed version]
    --pull: string@"nu-complete reg-up configure pull" # When the engine is to get the image [default: missing]
    --memory: string          # The most memory its container may use, like 512MiB; 0 for no limit
    --cpus: string            # The most processors its container may use, like 1.5; 0 for no limit
    --redis-image: string     # The image of the Redis beside it, for --with redis [default: one of a fixed version]
    --ui-image: string        # The image of the pages beside it, for --with ui of Distribution [default: one of a fixed version]
    --ui-port: string         # The port of those pages, 0 for any free one [default: 0]
    --binary: path            # The registry's program [default: found on PATH]
    --bind: string            # The address to listen on [default: 127.0.0.1]
    --port: string            # The port to listen on, 0 for any free one [default: 5000]
    --data: directory         # The folder for its data [default: in the instance's folder]
    --tls: path               # Serve TLS with a certificate document: a file, or - for standard input
    --cert: path              # Serve TLS with this certificate (PEM, with its chain)
    --key: path               # The private key of --cert (PEM)
    --ca-file: path           # The certificates clients should trust, for the registry document (PEM)
    --htpasswd: path          # Ask for a login of this htpasswd file (bcrypt); it is copied
    --layout: path            # Begin with this layout (a file, or - for standard input): who may do what, and an administrator with a generated password
    --open                    # Let others than this machine in without a login
    --with: string            # Switch on: audit, cve, metrics, scrub, search, ui (zot); read-only, redis, ui (Distribution; the latter two in containers beside it)
    --without: string         # Take back what was asked for before, or switch off what is on by itself: any of --with, dedupe, gc (zot), delete (Distribution), and tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base
    --mirror-of: string       # Be a mirror of another registry: fetch what somebody asks for, and keep it
    --mirror-every: string    # Fetch everything that often, too, asked for or not (zot)
    --mirror-username: string # The name to log in to the mirrored registry with
    --mirror-password-file: path # The file with its password
    --mirror-password-env: string # The variable with its password
    --webhook: string         # Tell this address of pushes and deletions
    --webhook-header-file: path # The file with the value of the Authorization header for it, as in `Bearer …`
    --webhook-header-env: string # The variable with that value
    --cors: string            # Let a page of this origin use the registry from a browser, as in https://ui.example
    --rate-limit: string      # Take that many requests in a second, and no more (zot)
    --s3-bucket: string       # Keep the data in this bucket (Distribution)
    --s3-region: string       # The region of the bucket [default: us-east-1]
    --s3-endpoint: string     # The server of the bucket, when it is not Amazon's
    --s3-access-key: string   # The public half of the key to the bucket; without, the machine's own role counts
    --s3-secret-key-file: path # The file with the secret half
    --s3-secret-key-env: string # The variable with the secret half
    --redis-url-file: path    # Keep the cache in the Redis of this file's URL: redis://[USER:PASSWORD@]HOST[:PORT][/DB] (Distribution)
    --redis-url-env: string   # The variable with that URL
    --config-base: path       # Lay the configuration over this file of the registry's own format, or - for standard input; it is copied
    --set: string             # Set any key of the configuration, as in http.realm=team; the value may be JSON, null takes a key out
    --unset: string           # Take back a --set
    --wait: string            # How long it may take until it answers
    --registry(-r): string    # An instance that was started before, in place of NAME: its name, its URL, - for a document, or @FILE
    --output-format(-o): string@"nu-complete reg-up configure output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up configure log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up stop output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up stop log-format" [] {
    [ "text" "json" ]
  }

  # Stop a registry; its data and settings stay
  export extern "reg-up stop" [
    --registry(-r): string    # The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --plain-http              # Talk http to a host that is not this machine
    --wait: string            # How long it may take to finish what it is doing
    --output-format(-o): string@"nu-complete reg-up stop output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up stop log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up restart output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up restart log-format" [] {
    [ "text" "json" ]
  }

  # Stop a registry and start it again
  export extern "reg-up restart" [
    --registry(-r): string    # The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --plain-http              # Talk http to a host that is not this machine
    --wait: string            # How long it may take until it answers
    --output-format(-o): string@"nu-complete reg-up restart output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up restart log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up remove output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up remove log-format" [] {
    [ "text" "json" ]
  }

  # Stop a registry and forget it; its data stays unless --purge
  export extern "reg-up remove" [
    --registry(-r): string    # The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --plain-http              # Talk http to a host that is not this machine
    --purge                   # Remove its data, too
    --output-format(-o): string@"nu-complete reg-up remove output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up remove log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up status output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up status log-format" [] {
    [ "text" "json" ]
  }

  # Say what a registry is doing
  export extern "reg-up status" [
    --registry(-r): string    # The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --plain-http              # Talk http to a host that is not this machine
    --output-format(-o): string@"nu-complete reg-up status output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up status log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up list output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up list log-format" [] {
    [ "text" "json" ]
  }

  # List all instances
  export extern "reg-up list" [
    --output-format(-o): string@"nu-complete reg-up list output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up list log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-up info output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up info log-format" [] {
    [ "text" "json" ]
  }

  # Print the registry document of an instance
  export extern "reg-up info" [
    --registry(-r): string    # The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --plain-http              # Talk http to a host that is not this machine
    --output-format(-o): string@"nu-complete reg-up info output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up info log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up logs output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up logs log-format" [] {
    [ "text" "json" ]
  }

  # Print the log of a registry
  export extern "reg-up logs" [
    --registry(-r): string    # The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --plain-http              # Talk http to a host that is not this machine
    --follow(-f)              # Go on with what comes
    --tail: string            # Only the last lines
    --since: string           # Only what was written since: a time (2026-11-20T10:00:00Z) or how long ago (15m)
    --output-format(-o): string@"nu-complete reg-up logs output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up logs log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up metrics output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up metrics log-format" [] {
    [ "text" "json" ]
  }

  # Print what a registry counts, in words that all types share
  export extern "reg-up metrics" [
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
    --raw                     # Print the page for Prometheus as it is
    --output-format(-o): string@"nu-complete reg-up metrics output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up metrics log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up render backend" [] {
    [ "auto" "docker" "process" ]
  }

  def "nu-complete reg-up render pull" [] {
    [ "missing" "always" "never" ]
  }

  def "nu-complete reg-up render target" [] {
    [ "config" "compose" "systemd" "prometheus" ]
  }

  def "nu-complete reg-up render output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up render log-format" [] {
    [ "text" "json" ]
  }

  # Print the configuration as a registry would be started with
  export extern "reg-up render" [
    --type: string            # The type of registry: embedded (nothing to install), zot or distribution [default: embedded]
    --backend: string@"nu-complete reg-up render backend" # What runs it [default: auto]
    --image: string           # The image of its container [default: one of a fixed version]
    --pull: string@"nu-complete reg-up render pull" # When the engine is to get the image [default: missing]
    --memory: string          # The most memory its container may use, like 512MiB; 0 for no limit
    --cpus: string            # The most processors its container may use, like 1.5; 0 for no limit
    --redis-image: string     # The image of the Redis beside it, for --with redis [default: one of a fixed version]
    --ui-image: string        # The image of the pages beside it, for --with ui of Distribution [default: one of a fixed version]
    --ui-port: string         # The port of those pages, 0 for any free one [default: 0]
    --binary: path            # The registry's program [default: found on PATH]
    --bind: string            # The address to listen on [default: 127.0.0.1]
    --port: string            # The port to listen on, 0 for any free one [default: 5000]
    --data: directory         # The folder for its data [default: in the instance's folder]
    --tls: path               # Serve TLS with a certificate document: a file, or - for standard input
    --cert: path              # Serve TLS with this certificate (PEM, with its chain)
    --key: path               # The private key of --cert (PEM)
    --ca-file: path           # The certificates clients should trust, for the registry document (PEM)
    --htpasswd: path          # Ask for a login of this htpasswd file (bcrypt); it is copied
    --layout: path            # Begin with this layout (a file, or - for standard input): who may do what, and an administrator with a generated password
    --open                    # Let others than this machine in without a login
    --with: string            # Switch on: audit, cve, metrics, scrub, search, ui (zot); read-only, redis, ui (Distribution; the latter two in containers beside it)
    --without: string         # Take back what was asked for before, or switch off what is on by itself: any of --with, dedupe, gc (zot), delete (Distribution), and tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base
    --mirror-of: string       # Be a mirror of another registry: fetch what somebody asks for, and keep it
    --mirror-every: string    # Fetch everything that often, too, asked for or not (zot)
    --mirror-username: string # The name to log in to the mirrored registry with
    --mirror-password-file: path # The file with its password
    --mirror-password-env: string # The variable with its password
    --webhook: string         # Tell this address of pushes and deletions
    --webhook-header-file: path # The file with the value of the Authorization header for it, as in `Bearer …`
    --webhook-header-env: string # The variable with that value
    --cors: string            # Let a page of this origin use the registry from a browser, as in https://ui.example
    --rate-limit: string      # Take that many requests in a second, and no more (zot)
    --s3-bucket: string       # Keep the data in this bucket (Distribution)
    --s3-region: string       # The region of the bucket [default: us-east-1]
    --s3-endpoint: string     # The server of the bucket, when it is not Amazon's
    --s3-access-key: string   # The public half of the key to the bucket; without, the machine's own role counts
    --s3-secret-key-file: path # The file with the secret half
    --s3-secret-key-env: string # The variable with the secret half
    --redis-url-file: path    # Keep the cache in the Redis of this file's URL: redis://[USER:PASSWORD@]HOST[:PORT][/DB] (Distribution)
    --redis-url-env: string   # The variable with that URL
    --config-base: path       # Lay the configuration over this file of the registry's own format, or - for standard input; it is copied
    --set: string             # Set any key of the configuration, as in http.realm=team; the value may be JSON, null takes a key out
    --unset: string           # Take back a --set
    --target: string@"nu-complete reg-up render target" # What to render: the configuration; a compose project that starts the same in containers; or for an instance a unit that has systemd run it, or what Prometheus is to scrape and to warn of
    --output: directory       # Write the files into this folder in place of printing them
    --registry(-r): string    # An instance that was started before, in place of NAME: its name, its URL, - for a document, or @FILE
    --output-format(-o): string@"nu-complete reg-up render output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up render log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    name?: string             # An instance, to render what it was started with; flags change what they name
  ]

  def "nu-complete reg-up lint output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up lint log-format" [] {
    [ "text" "json" ]
  }

  # Look for mistakes in a configuration file of zot or Distribution
  export extern "reg-up lint" [
    --type: string            # Whose configuration it is: zot or distribution [default: guessed from its keys]
    --version: string         # The release that is to read it, as in 2.1.20 [default: any that is known]
    --binary: path            # The program that is to read it: its release and extensions count, and zot checks it, too
    --output-format(-o): string@"nu-complete reg-up lint output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up lint log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    file: path                # The configuration file, or - for standard input
  ]

  def "nu-complete reg-up gc output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up gc log-format" [] {
    [ "text" "json" ]
  }

  # Remove what no manifest needs any more
  export extern "reg-up gc" [
    --registry(-r): string    # The registry: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --plain-http              # Talk http to a host that is not this machine
    --dry-run                 # Only count
    --untagged                # Remove manifests without a tag, too (Distribution; refused where an index would lose its images)
    --grace: string           # Keep what is younger than this: an upload whose manifest is still to come (embedded)
    --output-format(-o): string@"nu-complete reg-up gc output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up gc log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    name?: string             # The name of the instance
  ]

  def "nu-complete reg-up serve output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up serve log-format" [] {
    [ "text" "json" ]
  }

  # Run the embedded registry in the foreground, for containers and systemd
  export extern "reg-up serve" [
    --bind: string            # The address to listen on
    --port: string            # The port to listen on, 0 for any free one
    --data: directory         # The folder for its data
    --in-memory               # Keep everything in memory: for tests
    --cert: path              # Serve TLS with this certificate (PEM, with its chain)
    --key: path               # The private key of --cert (PEM)
    --htpasswd: path          # Ask for a login of this htpasswd file (bcrypt); changes are seen
    --layout: path            # Let in as this layout says (JSON or YAML); changes are seen
    --open                    # Let others than this machine in without a login
    --output-format(-o): string@"nu-complete reg-up serve output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up serve log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete reg-up schema KIND" [] {
    [ "registry" "status" "instances" "log" "rendered" "lint-report" "gc-report" "metrics" "certificate" "error" ]
  }

  def "nu-complete reg-up schema output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up schema log-format" [] {
    [ "text" "json" ]
  }

  # Print the JSON Schema of a document this tool reads or prints
  export extern "reg-up schema" [
    --output-format(-o): string@"nu-complete reg-up schema output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up schema log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    KIND?: string@"nu-complete reg-up schema KIND" # Which one [default: all, as one object by kind]
  ]

  def "nu-complete reg-up completions SHELL" [] {
    [ "bash" "zsh" "fish" "nushell" ]
  }

  def "nu-complete reg-up completions output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-up completions log-format" [] {
    [ "text" "json" ]
  }

  # Print the completions for a shell
  export extern "reg-up completions" [
    --output-format(-o): string@"nu-complete reg-up completions output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-up completions log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    SHELL: string@"nu-complete reg-up completions SHELL" # Which shell
  ]

}

export use completions *

module completions {

  def "nu-complete reg-users output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users log-format" [] {
    [ "text" "json" ]
  }

  # Manage the users of htpasswd files and of the registries that read them
  export extern reg-users [
    --output-format(-o): string@"nu-complete reg-users output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete reg-users add output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users add log-format" [] {
    [ "text" "json" ]
  }

  # Add a user
  export extern "reg-users add" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --in-place                # Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file
    --group                   # Let the group read the file when it is made
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --generate                # Generate the password
    --show                    # Print the generated password, as raw text and nothing else
    --out: directory          # Keep the generated password in DIR/NAME.password, for its owner only
    --cost: string            # The cost of the hash: one more takes twice the time
    --exist-ok                # Leave a user that is there as it is, without an error
    --output-format(-o): string@"nu-complete reg-users add output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users add log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    name: string              # The user
  ]

  def "nu-complete reg-users passwd output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users passwd log-format" [] {
    [ "text" "json" ]
  }

  # Change the password of a user
  export extern "reg-users passwd" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --in-place                # Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file
    --group                   # Let the group read the file when it is made
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --generate                # Generate the password
    --show                    # Print the generated password, as raw text and nothing else
    --out: directory          # Keep the generated password in DIR/NAME.password, for its owner only
    --cost: string            # The cost of the hash: one more takes twice the time
    --output-format(-o): string@"nu-complete reg-users passwd output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users passwd log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name: string              # The user
  ]

  def "nu-complete reg-users remove output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users remove log-format" [] {
    [ "text" "json" ]
  }

  # Remove users: all of them, or none when one is not there
  export extern "reg-users remove" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --in-place                # Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file
    --group                   # Let the group read the file when it is made
    --missing-ok              # Pass over names that are not there
    --output-format(-o): string@"nu-complete reg-users remove output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users remove log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    ...names: string          # The users; - for the names on standard input, one a line
  ]

  def "nu-complete reg-users list output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users list log-format" [] {
    [ "text" "json" ]
  }

  # List the users
  export extern "reg-users list" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --output-format(-o): string@"nu-complete reg-users list output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users list log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-users verify output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users verify log-format" [] {
    [ "text" "json" ]
  }

  # Say whether a password is that of a user: exit code 7 when it is not
  export extern "reg-users verify" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --output-format(-o): string@"nu-complete reg-users verify output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users verify log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name: string              # The user
  ]

  def "nu-complete reg-users check output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users check log-format" [] {
    [ "text" "json" ]
  }

  # Say of each line of a file who lets its user in, and why not: exit code 7 when somebody does not
  export extern "reg-users check" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --for: string             # Who should let the users in, with commas between them: zot, distribution, apache, embedded [default: all, or the registry of -r]
    --output-format(-o): string@"nu-complete reg-users check output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users check log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    path?: path               # The htpasswd file; - for standard input
  ]

  def "nu-complete reg-users generate output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users generate log-format" [] {
    [ "text" "json" ]
  }

  # Print the htpasswd line of a user without writing a file; without NAME, a new password
  export extern "reg-users generate" [
    --password-stdin          # Read the password from standard input
    --password-file: path     # Read the password from a file
    --password-env: string    # Take the password from an environment variable
    --generate                # Generate the password of NAME; --out says where it goes
    --show                    # Print a new password, as raw text, in place of a user's line
    --out: directory          # Keep the generated password in DIR/NAME.password, for its owner only
    --cost: string            # The cost of the hash: one more takes twice the time
    --output-format(-o): string@"nu-complete reg-users generate output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users generate log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    name?: string             # The user
  ]

  def "nu-complete reg-users defaults output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users defaults log-format" [] {
    [ "text" "json" ]
  }

  # Add the users provisioning, developer and tester, each with a generated password in a file of its own
  export extern "reg-users defaults" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --in-place                # Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file
    --group                   # Let the group read the file when it is made
    --out: directory          # Keep the passwords in DIR/NAME.password, for their owner only
    --cost: string            # The cost of the hash: one more takes twice the time
    --output-format(-o): string@"nu-complete reg-users defaults output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users defaults log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete reg-users import output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users import log-format" [] {
    [ "text" "json" ]
  }

  # Add users from a CSV or JSON list
  export extern "reg-users import" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --in-place                # Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file
    --group                   # Let the group read the file when it is made
    --csv                     # The list is CSV [default: told by the name's end, .csv]
    --json                    # The list is JSON or JSON Lines [default: told by the name's end, .json, .jsonl or .ndjson]
    --update                  # Give users that are there the password of their row; a generated one stays while it is the one in --out
    --prune                   # Remove users that are in no row
    --dry-run                 # Write nothing; say what would be done
    --generate                # Generate a password for new users whose row has none
    --out: directory          # Keep generated passwords in DIR/NAME.password, for their owner only
    --cost: string            # The cost of the hash: one more takes twice the time
    --output-format(-o): string@"nu-complete reg-users import output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users import log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help (see more with '--help')
    path: path                # The list; - for standard input
  ]

  def "nu-complete reg-users export output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users export log-format" [] {
    [ "text" "json" ]
  }

  # Print the users as a list that import reads, without passwords or hashes
  export extern "reg-users export" [
    --file: path              # The htpasswd file
    --registry(-r): string    # The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    --csv                     # Print CSV
    --json                    # Print a users document, as -o json does
    --output-format(-o): string@"nu-complete reg-users export output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users export log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
  ]

  def "nu-complete reg-users schema KIND" [] {
    [ "users" "htpasswd-report" "registry" "rendered" "error" ]
  }

  def "nu-complete reg-users schema output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users schema log-format" [] {
    [ "text" "json" ]
  }

  # Print the JSON Schema of a document this tool reads or prints
  export extern "reg-users schema" [
    --output-format(-o): string@"nu-complete reg-users schema output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users schema log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    KIND?: string@"nu-complete reg-users schema KIND" # Which one [default: all, as one object by kind]
  ]

  def "nu-complete reg-users completions SHELL" [] {
    [ "bash" "zsh" "fish" "nushell" ]
  }

  def "nu-complete reg-users completions output-format" [] {
    [ "json" "jsonl" "table" "name" ]
  }

  def "nu-complete reg-users completions log-format" [] {
    [ "text" "json" ]
  }

  # Print the completions for a shell
  export extern "reg-users completions" [
    --output-format(-o): string@"nu-complete reg-users completions output-format" # What standard output looks like [default: table on a terminal, json into a pipe; or REG_OUTPUT]
    --quiet(-q)               # No progress
    --verbose(-v)             # Tell each request; -vv also what it waits for
    --log-format: string@"nu-complete reg-users completions log-format" # What standard error looks like [default: text]
    --config: path            # The config file with the modes [default: $XDG_CONFIG_HOME/reg/config.toml; or REG_CONFIG]
    --help(-h)                # Print help
    SHELL: string@"nu-complete reg-users completions SHELL" # Which shell
  ]

}

export use completions *

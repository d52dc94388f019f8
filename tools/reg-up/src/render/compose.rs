//! A compose project: the file, and beside it the folder that its containers mount.
//!
//! The folder is what an instance's folder is for a container: configuration, logins, certificate and key, for its owner only. A project
//! is nobody's instance; users that were added to it later stay when it is rendered again.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use reg_shared::cli::Context;
use reg_shared::compose;
use reg_shared::document::RenderedFile;
use reg_shared::engine::NAMES;
use reg_shared::engine::spec::{Source, Spec};
use reg_shared::error::{Error, Result};
use reg_shared::instance::{CERTIFICATE, KEY, SECRET};
use reg_shared::options::Secrets;
use reg_shared::registry::{Launch, Plan, Registry};
use reg_shared::secret::Secret;

use crate::contained::{beside, spec};
use crate::options;
use crate::settings::{HTPASSWD, Wanted, in_force, read};

/// The folder beside the file.
const FOLDER: &str = "config";

/// What a project needs that nobody but it may know; its own secret stays the same when it is rendered again.
pub(super) fn secrets(output: &Path, dir: &Path, wanted: &Wanted) -> Result<(Option<Secret>, Secrets)> {
    let path = output.join(FOLDER).join(SECRET);
    let known = match fs::read_to_string(&path) {
        Ok(text) => Some(Secret::from_line(text)),
        Err(fault) if fault.kind() == ErrorKind::NotFound => None,
        Err(fault) => return Err(Error::io(format!("cannot read {}", path.display()), fault)),
    };
    let keeps = Registry::from(wanted.settings.kind).keeps_a_secret();
    let own = keeps.then(|| known.map_or_else(Secret::random, Ok)).transpose()?;
    Ok((own, options::secrets(dir, &wanted.settings.options, &wanted.files)?))
}

/// The compose file. With its folder, which was written before, it knows the host that the certificate is for.
pub(super) fn file(wanted: &Wanted, launch: &Launch, plan: &Plan, output: Option<&Path>) -> Result<RenderedFile> {
    let mut launch = launch.clone();
    if let (Some((certificate, key)), Some(output)) = (&mut launch.tls, output) {
        (*certificate, *key) = (output.join(FOLDER).join(CERTIFICATE), output.join(FOLDER).join(KEY));
    }
    let settings = &wanted.settings;
    let Some(contained) = &settings.container else {
        return Err(Error::usage("a compose file is for containers, and --backend process starts none"));
    };
    let mut specs = vec![spec(contained, settings, &launch, plan)];
    specs.extend(beside(contained, &launch, Some(NAMES)));
    for spec in &mut specs {
        into_folder(spec, &launch.dir);
    }
    Ok(RenderedFile { name: compose::FILE.to_owned(), content: compose::text(&specs)? })
}

/// What would be mounted of an instance's folder is mounted of the project's.
fn into_folder(spec: &mut Spec, dir: &Path) {
    for mount in &mut spec.mounts {
        if let Source::ReadOnly(path) | Source::Folder(path) = &mut mount.source
            && let Ok(below) = path.strip_prefix(dir)
        {
            // Nothing else tells a folder beside the file from the name of a volume.
            *path = if below == Path::new("") { Path::new(".").join(FOLDER) } else { Path::new(".").join(FOLDER).join(below) };
        }
    }
}

/// Writes the folder.
pub(super) fn write_folder(
    context: &Context,
    output: &Path,
    dir: &Path,
    wanted: &Wanted,
    launch: &Launch,
    plan: &Plan,
) -> Result<()> {
    let folder = output.join(FOLDER);
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    files.extend(plan.config.iter().map(|config| (config.name, config.text.clone().into_bytes())));
    files.extend(launch.secret.iter().map(|secret| (SECRET, secret.expose().as_bytes().to_vec())));
    files.extend(plan.hidden.iter().map(|(name, text)| (*name, text.expose().as_bytes().to_vec())));
    for name in [CERTIFICATE, KEY, HTPASSWD].into_iter().filter(|name| in_force(&wanted.settings, name)) {
        let given = wanted.files.iter().find(|(own, _)| *own == name);
        if name == HTPASSWD && given.is_none() && folder.join(name).exists() {
            context.messages.note(format!("{} stays as it is", folder.join(name).display()));
            continue;
        }
        files.push((
            name,
            given.map_or_else(|| read("a file of the instance", &dir.join(name)), |(_, content)| Ok(content.clone()))?,
        ));
    }
    files.extend(plan.writes.iter().filter(|name| !folder.join(name).exists()).map(|name| (*name, Vec::new())));
    let cannot = |path: &Path, fault| Error::io(format!("cannot write {}", path.display()), fault);
    fs::create_dir_all(&folder).map_err(|fault| cannot(&folder, fault))?;
    // Before there is anything in it.
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(|fault| cannot(&folder, fault))?;
    for (name, content) in files {
        let path = folder.join(name);
        let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(&content)).map_err(|fault| cannot(&path, fault))?;
        context.messages.note(format!("wrote {}", path.display()));
    }
    Ok(())
}

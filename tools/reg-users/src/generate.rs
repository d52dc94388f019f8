//! A user's line, or a password, for whoever puts it where it belongs.

use reg_shared::cli::Context;
use reg_shared::document::RenderedFile;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::htpasswd::{self, Name};
use reg_shared::secret::Secret;

use crate::cli::GenerateArgs;
use crate::hashing;
use crate::password::{Kept, may_show};

pub(crate) async fn generate(context: &Context, args: &GenerateArgs) -> Result<Exit> {
    let Some(name) = &args.name else {
        if !args.show {
            return Err(Error::usage("a name is missing")
                .hint("`reg-users generate NAME` prints a user's htpasswd line, `reg-users generate --show` a new password"));
        }
        may_show(context)?;
        return context.output.show([&Secret::password()?]).map(|()| Exit::Ok);
    };
    let name: Name = name.parse()?;
    let (password, kept) = match args.out.as_deref().filter(|_| args.generate) {
        Some(dir) => {
            let password = Secret::password()?;
            let kept = Kept::stage(context, dir, name.as_str(), &password, false)?;
            (password, Some(kept))
        }
        None => (context.new_password(&args.given, name.as_str()).await?, None),
    };
    htpasswd::check_password(&password)?;
    let (hash, took) = hashing::one(context, &password, args.cost.cost).await?;
    if let Some(kept) = kept {
        let path = kept.finish()?;
        context.messages.note(format!("its password is in {}", path.display()));
    }
    context.messages.detail(1, format!("a login takes {:.1} ms", took.as_secs_f64() * 1000.0));
    let content = format!("{name}:{hash}\n");
    context.output.files(vec![RenderedFile { name: "htpasswd".to_owned(), content }]).map(|()| Exit::Ok)
}

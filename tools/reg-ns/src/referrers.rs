//! Listing what says something about a manifest.

use reg_shared::cli::Context;
use reg_shared::document::{ReferrerRow, Referrers};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::name::{Reference, Repository, Selector};
use reg_shared::oci::manifest::Descriptor;

use crate::cli::ReferrersArgs;
use crate::operand::{Operand, not_there, open};

pub(crate) async fn referrers(context: &Context, args: &ReferrersArgs) -> Result<Exit> {
    let Operand { host, name: reference } = Operand::<Reference>::parse(&args.registry, &args.reference)?;
    let connection = open(context, &args.registry, host.as_deref(), Some(&reference.repository)).await?;
    let Reference { repository, selector } = &reference;
    let subject = match selector {
        // A subject may be missing: it is asked about all the same.
        Selector::Digest(digest) => digest.clone(),
        Selector::Tag(_) => {
            let found = connection.client.resolve(repository, selector).await?;
            found.ok_or_else(|| not_there(&connection, &reference))?.digest
        }
    };
    let found = connection.client.referrers(repository, &subject, args.artifact_type.as_deref()).await?;
    let document = Referrers {
        registry: connection.registry,
        repository: repository.to_string(),
        subject: subject.to_string(),
        referrers: found.into_iter().map(|referrer| row(repository, referrer)).collect(),
    };
    context.output.print(&document).map(|()| Exit::Ok)
}

fn row(repository: &Repository, referrer: Descriptor) -> ReferrerRow {
    ReferrerRow {
        digest: referrer.digest.to_string(),
        reference: Reference::new(repository, referrer.digest).to_string(),
        media_type: referrer.media_type,
        artifact_type: referrer.artifact_type,
        size: referrer.size,
        annotations: referrer.annotations,
    }
}

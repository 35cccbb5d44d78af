//! The gaps in the facts of one dataset.

use model::{Dataset, Fact, GapId, IamUser, Listing, Record};

/// Visits the gaps in the facts of one dataset, as often as each stands in a fact's place.
pub(crate) fn each_gap(record: &Record, dataset: Dataset, mut visit: impl FnMut(GapId)) {
    fn of<T>(fact: &Fact<T>) -> Option<GapId> {
        fact.get().err()
    }
    fn of_list<T>(listing: &Listing<T>) -> Option<GapId> {
        listing.gap
    }
    let root = &record.root_user;
    let of_user: fn(&IamUser) -> Option<GapId> = match dataset {
        Dataset::RootCredentials => {
            let facts = [
                of(&root.password),
                of(&root.access_key),
                of(&root.signing_certificate),
            ];
            return facts.into_iter().flatten().for_each(visit);
        }
        Dataset::RootMfa => return of(&root.mfa).into_iter().for_each(visit),
        Dataset::RootMfaDevices => return of_list(&root.mfa_devices).into_iter().for_each(visit),
        Dataset::IdentityProviders => {
            return of(&record.identity_providers).into_iter().for_each(visit);
        }
        Dataset::IamUsers => return record.iam_users.gap.into_iter().for_each(visit),
        Dataset::LoginProfiles => |it| of(&it.password),
        Dataset::MfaStatus => |it| of(&it.mfa),
        Dataset::MfaDevices => |it| of_list(&it.mfa_devices),
        Dataset::AccessKeys => |it| of(&it.access_keys),
    };
    let users = record.iam_users.items.iter().filter_map(of_user);
    users.chain(record.iam_users.gap).for_each(&mut visit);
}

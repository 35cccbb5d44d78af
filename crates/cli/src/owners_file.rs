//! A CSV file that tells owners: columns `owner`, and `account`, `principal` or both.

use std::path::Path;

use model::{AccountId, Arn, Partition};
use reporting::Owners;

use crate::error::{CliError, Kind};

/// Reads the file into `owners`.
///
/// A principal is an ARN, or with an account beside it the name of an IAM user that has no path, or `root`.
///
/// # Errors
///
/// Tells every line that is wrong.
pub(crate) fn read(path: &Path, owners: &mut Owners) -> Result<(), CliError> {
    let failed = |what: String| {
        let what = format!("cannot read the owners of {}: {what}", path.display());
        let error = CliError::new(Kind::Usage, what);
        error.hint(
            "the first line is `account,principal,owner`; either of the first two may be missing",
        )
    };
    let reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path);
    let mut reader = reader.map_err(|error| failed(error.to_string()))?;
    let header = reader
        .headers()
        .map_err(|error| failed(error.to_string()))?;
    let position = |name: &str| header.iter().position(|it| it.eq_ignore_ascii_case(name));
    let columns = ["account", "principal", "owner"].map(position);
    let [account, principal, Some(owner)] = columns else {
        return Err(failed("there is no column `owner`".to_owned()));
    };
    if account.is_none() && principal.is_none() {
        return Err(failed(
            "there is no column `account` or `principal`".to_owned(),
        ));
    }
    let mut wrong = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| failed(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |column: Option<usize>| column.and_then(|it| row.get(it)).unwrap_or_default();
        let added = add(owners, cell(account), cell(principal), cell(Some(owner)));
        if let Err(why) = added {
            wrong.push(format!("line {line}: {why}"));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(failed(format!("\n  {}", wrong.join("\n  "))))
}

fn add(owners: &mut Owners, account: &str, principal: &str, owner: &str) -> Result<(), String> {
    if owner.is_empty() {
        return Err("there is no owner".to_owned());
    }
    let id = match account {
        "" => None,
        text => {
            let id = text.parse::<AccountId>();
            Some(id.map_err(|error| error.to_string())?)
        }
    };
    match (id, principal) {
        (None, "") => return Err("there is neither account nor principal".to_owned()),
        (Some(id), "") => owners.of_account(id, owner),
        (_, arn) if arn.starts_with("arn:") => {
            let arn = arn.parse::<Arn>().map_err(|error| error.to_string())?;
            owners.of_principal(arn.as_str(), owner);
        }
        (Some(id), "root") => {
            owners.of_principal(
                Arn::root_user(&Partition::commercial(), &id).as_str(),
                owner,
            );
        }
        (Some(id), name) => {
            owners.of_principal(
                Arn::iam_user(&Partition::commercial(), &id, name).as_str(),
                owner,
            );
        }
        (None, name) => {
            return Err(format!(
                "`{name}` is no ARN, and there is no account beside it"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write the file they read")]
mod tests {
    use reporting::Owners;

    use super::read;

    fn told(text: &str) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("owners.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, &mut Owners::default()).map_err(|it| it.to_string())
    }

    #[test]
    fn accounts_and_principals_have_owners() {
        told("account,principal,owner\n222222222222,,ana\n222222222222,root,ben\n,arn:aws:iam::222222222222:user/x,c\n")
            .unwrap();
        told("Owner,Account\nana,222222222222\n").unwrap();
    }

    #[test]
    fn every_line_that_is_wrong_is_told() {
        let error =
            told("account,principal,owner\n2,,ana\n,,b\n222222222222,,\n,ben,b\n,arn:x,b\n")
                .unwrap_err();
        for line in [
            "line 2: `2`",
            "line 3: there is neither",
            "line 4: there is no owner",
            "line 5: `ben`",
            "line 6",
        ] {
            assert!(error.contains(line), "{line}\n{error}");
        }
        assert!(
            told("account,team\n")
                .unwrap_err()
                .contains("no column `owner`")
        );
        assert!(
            told("owner\nana\n")
                .unwrap_err()
                .contains("no column `account`")
        );
    }
}

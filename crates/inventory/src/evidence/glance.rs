//! Whose a credential report is, told without reading its rows: a folder may hold thousands of large ones.

use model::AccountId;

use crate::credential_report::CredentialReport;

/// How every ARN begins.
const ARN: &[u8] = b"arn:";
/// What stands between the partition and the account of an ARN of IAM.
const IAM: &[u8] = b":iam::";
const DIGITS: usize = 12;

/// Returns the account that every ARN of a credential report in CSV names, and the first row's for certain.
///
/// `None` if only reading it whole would tell: it names several or none, is JSON, or is no credential report. Reading a
/// report of which this tells the account finds no fault with it: UTF-8 below the right header is CSV, whatever it says.
pub(super) fn account_of_report(content: &[u8]) -> Option<AccountId> {
    let first = content.iter().find(|it| !it.is_ascii_whitespace())?;
    if matches!(first, b'{' | b'[') || std::str::from_utf8(content).is_err() {
        return None;
    }
    let arn = CredentialReport::first_arn(content).ok()??;
    let account = arn.account();
    if account.len() != DIGITS {
        return None;
    }
    let names_it = |at: usize| {
        let rest = content.get(at + ARN.len()..).unwrap_or_default();
        let partition = rest.iter().position(|it| *it == b':').unwrap_or_default();
        let after = rest.get(partition..).and_then(|it| it.strip_prefix(IAM));
        let after = after.and_then(|it| it.strip_prefix(account.as_bytes()));
        after.is_some_and(|it| it.first() == Some(&b':'))
    };
    let mut arns = memchr::memmem::find_iter(content, ARN);
    arns.all(names_it).then(|| account.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::account_of_report;

    const HEAD: &str = "user,arn,password_enabled,mfa_active\n";

    fn told(rows: &str) -> Option<String> {
        account_of_report(format!("{HEAD}{rows}").as_bytes()).map(|it| it.to_string())
    }

    #[test]
    fn rows_of_one_account_tell_it() {
        let rows = "<root_account>,arn:aws:iam::111122223333:root,true,true\n\
                    ana,arn:aws:iam::111122223333:user/ana,true,true\nben,,true,true\n";
        assert_eq!(told(rows).as_deref(), Some("111122223333"));
    }

    #[test]
    fn what_only_reading_would_tell_is_not_told() {
        let other = "ana,arn:aws:iam::111122223333:user/ana,true,true\nben,arn:aws:iam::111122223334:user/ben,a,b\n";
        for rows in [
            "",
            "ana,,true,true\n",
            other,
            "ana,arn:aws:iam::1111:user/ana,true,true\n",
            "ana,arn:aws:iam::1111222233334:user/ana,true,true\n",
            "ana,arn:aws:iam::",
            "ana,arn:aws:iam::111122223333:,true,true\n",
            "ana,arn:aws:iam::111122223333:user/ana,a,b\nben,arn:aws:sts::111122223334:user/ben,a,b\n",
            "ana,,a,b\nben,arn:aws:iam::111122223333:user/ben,a,b\n",
        ] {
            assert_eq!(told(rows), None, "{rows}");
        }
        for content in [
            &b""[..],
            b"{\"Content\": \":iam::111122223333:\"}",
            b"a,b\nc,arn:aws:iam::111122223333:root\n",
            b"user,arn,mfa_active\nana,arn:aws:iam::111122223333:root,\xff\n",
        ] {
            assert_eq!(account_of_report(content), None);
        }
    }
}

//! The kit's first page: what is in it, who has how much to fix, and what was not seen.

use std::{collections::BTreeMap, fmt::Write};

use rules::Severity;

use super::{Kit, Names, Seen, policy, run::RunTold};
use crate::{counted::counted, duration, escape::markdown};

/// What one owner has.
#[derive(Default)]
struct Counts {
    principals: u64,
    /// The principals by the worst of what they fail.
    critical: u64,
    high: u64,
    others: u64,
    /// The failures that a waiver holds for.
    waived: u64,
    /// The failures that begin to count later.
    in_grace: u64,
    /// The findings without a verdict.
    unseen: u64,
}

/// Returns the page.
pub(super) fn text(kit: &Kit, names: &Names) -> String {
    let owners = counts(kit);
    let all = sum(owners.values());
    let mut out = "# What to fix, and how\n\n".to_owned();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "As of {}. {}\n", kit.run.as_of(), kit.run.evidence());
    out.push_str(&conclusion(kit, &all, owners.get(&None)));
    write_owners(&mut out, &owners, names);
    write_contents(&mut out, kit);
    write_unseen(&mut out, kit);
    write_policy(&mut out, kit);
    out
}

impl RunTold {
    /// Returns when the run began.
    pub(super) fn as_of(&self) -> String {
        let time = self.collected_at.map(|it| it.to_string());
        time.unwrap_or_else(|| "a time that is not told".to_owned())
    }

    fn evidence(&self) -> String {
        match (self.collected_at, self.oldest_evidence) {
            (Some(now), Some(oldest)) if now.seconds_since(oldest) > 0 => {
                let age = duration::span(now.seconds_since(oldest));
                format!(
                    "The oldest evidence is of {oldest}, {age} before that: look again before you act on it."
                )
            }
            (_, Some(oldest)) => format!("The oldest evidence is of {oldest}."),
            (_, None) => "How old the evidence is, is not told.".to_owned(),
        }
    }
}

fn counts(kit: &Kit) -> BTreeMap<Option<&str>, Counts> {
    let mut owners: BTreeMap<Option<&str>, Counts> = BTreeMap::new();
    for case in kit.cases.all() {
        let counts = owners.entry(case.owner.as_deref()).or_default();
        counts.waived += case.waived().count() as u64;
        let grace = case.to_fix();
        counts.in_grace += grace.iter().filter(|it| it.counts_from().is_some()).count() as u64;
        let Some(severity) = case.severity() else {
            continue;
        };
        counts.principals += 1;
        let of_severity = match severity {
            Severity::Critical => &mut counts.critical,
            Severity::High => &mut counts.high,
            Severity::Medium | Severity::Low | Severity::Info => &mut counts.others,
        };
        *of_severity += 1;
    }
    for (owner, reasons) in &kit.unseen {
        let counts = owners.entry(owner.as_deref()).or_default();
        counts.unseen += reasons.values().sum::<u64>();
    }
    owners
}

fn sum<'a>(all: impl Iterator<Item = &'a Counts>) -> Counts {
    all.fold(Counts::default(), |sum, it| Counts {
        principals: sum.principals + it.principals,
        critical: sum.critical + it.critical,
        high: sum.high + it.high,
        others: sum.others + it.others,
        waived: sum.waived + it.waived,
        in_grace: sum.in_grace + it.in_grace,
        unseen: sum.unseen + it.unseen,
    })
}

/// Tells in a few lines how it stands. That nothing is to be fixed means nothing unless all was seen.
fn conclusion(kit: &Kit, all: &Counts, unowned: Option<&Counts>) -> String {
    let mut lines = Vec::new();
    let seen = match kit.seen() {
        Seen::All => "Everything was seen that the evaluated rules need.",
        Seen::NotAll => {
            "**Not everything was seen** that the evaluated rules need: there may be more to fix than stands here."
        }
        Seen::NotTold => {
            "**Whether everything was seen is not told** by what this was made from: there may be more to fix than \
             stands here."
        }
    };
    if all.principals == 0 {
        lines.push(match (kit.seen(), all.waived) {
            (Seen::All, 0) => "**Nothing fails.**".to_owned(),
            (Seen::All, _) => "**Nothing fails that is not waived.**".to_owned(),
            (Seen::NotAll | Seen::NotTold, _) => {
                "**Nothing to fix was seen. That is no proof that there is nothing.**".to_owned()
            }
        });
    } else {
        let mut line = format!(
            "**{} with something to fix.**",
            counted(all.principals, "principal")
        );
        let unowned = unowned.map_or(0, |it| it.principals);
        if unowned > 0 {
            let _ = write!(
                line,
                " Nobody is known to answer for {unowned} of them: `[[owner]]` in `mfaudit.toml` says who does."
            );
        }
        lines.push(line);
    }
    lines.push(seen.to_owned());
    if all.waived > 0 {
        lines.push(format!(
            "{} waived: nothing to do before the waiver ends.",
            counted(all.waived, "failure")
        ));
    }
    if all.in_grace > 0 {
        lines.push(format!(
            "{} of new users, which count later.",
            counted(all.in_grace, "failure")
        ));
    }
    lines
        .iter()
        .fold(String::new(), |out, it| out + "- " + it + "\n")
}

fn write_owners(out: &mut String, owners: &BTreeMap<Option<&str>, Counts>, names: &Names) {
    if owners.is_empty() {
        return;
    }
    out.push_str(
        "\n## Owners\n\n| owner | to fix | critical | high | less | waived | not seen |\n|---|---:|---:|---:|---:|---:|---:|\n",
    );
    let owned = owners.iter().filter(|(owner, _)| owner.is_some());
    let unowned = owners.iter().filter(|(owner, _)| owner.is_none());
    for (owner, it) in owned.chain(unowned) {
        let name = owner.map_or_else(|| "nobody known".to_owned(), markdown);
        // Who has only what was not seen has nothing to do, and no page.
        let name = if it.principals + it.waived > 0 {
            format!("[{name}]({})", names.page(*owner))
        } else {
            name
        };
        let _ = writeln!(
            out,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            it.principals, it.critical, it.high, it.others, it.waived, it.unseen
        );
    }
    out.push_str(
        "\nPrincipals are counted by the worst of what they fail. \"Not seen\" are findings without a verdict: they are no \
         failures, and their owners have nothing to do about them yet.\n",
    );
}

fn write_contents(out: &mut String, kit: &Kit) {
    out.push_str("\n## What is in here\n\n");
    if kit.owners().next().is_some() {
        out.push_str(
            "- `owners/`: a page for each owner, with the exact steps for each principal.\n",
        );
    }
    let _ = write!(
        out,
        "- `mail-merge.csv`: one row for each principal with something to fix, to write letters or tickets from.\n\
         - `{}`: lets users enrol their own devices, and denies all else without MFA; see below.\n\n\
         Nothing was sent and nothing was changed. This folder names who can be attacked: keep it from others.\n",
        policy::FILE
    );
}

fn write_unseen(out: &mut String, kit: &Kit) {
    out.push_str("\n## What was not seen\n\n");
    match &kit.run.coverage {
        None => out.push_str("What this was made from does not tell what was seen.\n"),
        Some(it) => {
            let percent = it.percent.as_deref().map_or_else(
                || "There was nothing to see".to_owned(),
                |it| format!("{it} % of what the evaluated rules need was seen"),
            );
            let _ = writeln!(
                out,
                "{percent}: {} audited, of which {} not fully seen; {} listed and not audited.",
                counted(it.accounts, "account"),
                it.accounts_short,
                counted(it.accounts_not_active, "account")
            );
            if let Some(why) = &it.account_list_cut {
                let _ = writeln!(
                    out,
                    "\n**The list of accounts was not read to its end**, so that there are accounts of which nothing is known: {}",
                    markdown(why)
                );
            }
        }
    }
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, findings) in kit.unseen.values().flatten() {
        *reasons.entry(reason).or_default() += findings;
    }
    if !reasons.is_empty() {
        out.push_str("\n| why there is no verdict | findings |\n|---|---:|\n");
        for (reason, findings) in reasons {
            let _ = writeln!(out, "| {} | {findings} |", markdown(reason));
        }
    }
    let gaps = kit.run.coverage.iter().flat_map(|it| &it.gaps);
    for (index, gap) in gaps.enumerate() {
        if index == 0 {
            out.push_str("\nFor whoever runs the audit:\n\n");
        }
        let command = gap.command.as_deref().map(markdown);
        let command = command.map_or_else(String::new, |it| format!(": {it}"));
        let _ = writeln!(
            out,
            "- {}, {} without a verdict: {}{command}",
            counted(gap.accounts, "account"),
            counted(gap.findings, "finding"),
            markdown(&gap.remedy)
        );
    }
}

fn write_policy(out: &mut String, kit: &Kit) {
    let partition = kit.partitions.first().map_or("aws", |it| it.as_str());
    let _ = write!(
        out,
        "\n## So that it stays fixed\n\n`{file}` lets an IAM user enrol and keep its own devices, and denies everything \
         else to whoever is not signed in with MFA. In each account, for a group of people:\n\n\
         ```sh\naws iam create-policy --policy-name self-manage-mfa --policy-document file://{file}\n\
         aws iam attach-group-policy --group-name GROUP --policy-arn arn:{partition}:iam::ACCOUNT_ID:policy/self-manage-mfa\n\
         ```\n\n\
         - Not for users of programs: a long-term access key never has MFA, so that everything else is denied to it.\n\
         - Whoever has a device uses the AWS CLI by `aws sts get-session-token --serial-number SERIAL --token-code CODE`; \
         that takes an authenticator app or a hardware token, since a passkey or security key has no code.\n\
         - A user who must change the password at the first sign-in cannot, without MFA: let users enrol first, or attach \
         it afterwards.\n",
        file = policy::FILE,
        partition = markdown(partition),
    );
}

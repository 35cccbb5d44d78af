//! NIST SP 800-53 revision 5: the controls that AWS Security Hub relates to how people sign in.

use super::{ANSWERED, Answer, FrameworkVersion, Requirement};

pub(super) static R5: FrameworkVersion = FrameworkVersion {
    framework: "nist-800-53",
    version: "r5",
    requirements: || REQUIREMENTS.to_vec(),
    settings: &[],
};

/// A control asks for more than any tool sees: procedures, other systems, people.
const fn control(id: &'static str, title: &'static str) -> Requirement {
    Requirement {
        id,
        title,
        ..ANSWERED
    }
}

static REQUIREMENTS: &[Requirement] = &[
    control("AC-2", "Accounts are managed"),
    control("AC-2(1)", "The management of accounts is automated"),
    control("AC-2(3)", "Accounts that are not used are switched off"),
    control("AC-3", "Access is enforced"),
    control("AC-3(7)", "Access follows roles"),
    control("AC-3(15)", "Access is discretionary and mandatory"),
    control("AC-6", "Nobody may do more than their work needs"),
    control(
        "AC-6(2)",
        "Privileged accounts are for privileged work alone",
    ),
    control("AC-6(10)", "Privileged functions are kept from others"),
    Requirement {
        answer: Answer::NotByUs("what devices and services prove of themselves is not looked at"),
        ..control("IA-2", "Users are identified and authenticated")
    },
    control("IA-2(1)", "Privileged accounts have MFA"),
    control("IA-2(2)", "Other accounts have MFA"),
    control("IA-2(6)", "The second factor is apart from the system"),
    control("IA-2(8)", "Authentication resists replay"),
];

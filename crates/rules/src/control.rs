//! Requirements of external frameworks that rules give evidence for.

use std::fmt;

use serde::Serialize;

/// A requirement of an external framework.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Control {
    /// The framework's stable short name.
    pub framework: &'static str,
    /// The framework's version, without which its identifiers mean nothing: CIS 1.5 is root MFA in 4.0.1 and
    /// root *hardware* MFA in 5.0.0. Empty for catalogs that are not versioned.
    pub version: &'static str,
    /// The requirement's identifier in that version.
    pub id: &'static str,
}

/// A framework that controls may name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Framework {
    /// The stable short name.
    pub id: &'static str,
    /// The full name.
    pub name: &'static str,
}

/// Every framework, in the order pages list them.
pub static FRAMEWORKS: &[Framework] = &[
    Framework {
        id: "cis-aws",
        name: "CIS Amazon Web Services Foundations Benchmark",
    },
    Framework {
        id: "aws-security-hub",
        name: "AWS Security Hub CSPM controls",
    },
    Framework {
        id: "aws-config",
        name: "AWS Config managed rules",
    },
    Framework {
        id: "nist-800-53",
        name: "NIST SP 800-53",
    },
    Framework {
        id: "pci-dss",
        name: "PCI DSS",
    },
];

impl Control {
    /// A recommendation of the CIS AWS Foundations Benchmark.
    pub const fn cis_aws(version: &'static str, id: &'static str) -> Self {
        Self {
            framework: "cis-aws",
            version,
            id,
        }
    }

    /// A control of AWS Security Hub CSPM.
    pub const fn security_hub(id: &'static str) -> Self {
        Self {
            framework: "aws-security-hub",
            version: "",
            id,
        }
    }

    /// A managed rule of AWS Config.
    pub const fn aws_config(id: &'static str) -> Self {
        Self {
            framework: "aws-config",
            version: "",
            id,
        }
    }

    /// A control of NIST SP 800-53 revision 5.
    pub const fn nist_800_53(id: &'static str) -> Self {
        Self {
            framework: "nist-800-53",
            version: "r5",
            id,
        }
    }

    /// A requirement of PCI DSS.
    pub const fn pci_dss(version: &'static str, id: &'static str) -> Self {
        Self {
            framework: "pci-dss",
            version,
            id,
        }
    }
}

/// Writes the control as `framework version id`: `cis-aws 7.0.0 2.10`.
impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.version.is_empty() {
            write!(f, "{} {}", self.framework, self.id)
        } else {
            write!(f, "{} {} {}", self.framework, self.version, self.id)
        }
    }
}

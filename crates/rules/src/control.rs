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
    Framework {
        id: "nist-800-171",
        name: "NIST SP 800-171",
    },
    Framework {
        id: "nist-csf",
        name: "NIST Cybersecurity Framework",
    },
    Framework {
        id: "nist-800-63b",
        name: "NIST SP 800-63B",
    },
    Framework {
        id: "iso-27001",
        name: "ISO/IEC 27001",
    },
    Framework {
        id: "fedramp-moderate",
        name: "FedRAMP Moderate",
    },
    Framework {
        id: "hipaa",
        name: "HIPAA Security Rule",
    },
    Framework {
        id: "cmmc",
        name: "Cybersecurity Maturity Model Certification",
    },
    Framework {
        id: "cis-controls",
        name: "CIS Critical Security Controls",
    },
    Framework {
        id: "csa-ccm",
        name: "CSA Cloud Controls Matrix",
    },
    Framework {
        id: "soc-2",
        name: "SOC 2 Trust Services Criteria",
    },
    Framework {
        id: "nis2",
        name: "NIS 2 Implementing Regulation",
    },
    Framework {
        id: "secnumcloud",
        name: "SecNumCloud",
    },
    Framework {
        id: "essential-eight",
        name: "ASD Essential Eight",
    },
    Framework {
        id: "dora",
        name: "Digital Operational Resilience Act",
    },
    Framework {
        id: "c5",
        name: "BSI C5",
    },
    Framework {
        id: "mitre-attack",
        name: "MITRE ATT&CK",
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

    /// A requirement of NIST SP 800-171 revision 2.
    pub const fn nist_800_171(id: &'static str) -> Self {
        Self {
            framework: "nist-800-171",
            version: "r2",
            id,
        }
    }

    /// A subcategory of the NIST Cybersecurity Framework 2.0.
    pub const fn nist_csf(id: &'static str) -> Self {
        Self {
            framework: "nist-csf",
            version: "2.0",
            id,
        }
    }

    /// An assurance level or section of NIST SP 800-63B revision 3.
    pub const fn nist_800_63b(id: &'static str) -> Self {
        Self {
            framework: "nist-800-63b",
            version: "r3",
            id,
        }
    }

    /// A control of ISO/IEC 27001:2022, Annex A.
    pub const fn iso_27001(id: &'static str) -> Self {
        Self {
            framework: "iso-27001",
            version: "2022",
            id,
        }
    }

    /// A control of the FedRAMP Moderate baseline, revision 4.
    pub const fn fedramp_moderate(id: &'static str) -> Self {
        Self {
            framework: "fedramp-moderate",
            version: "r4",
            id,
        }
    }

    /// A standard of the HIPAA Security Rule, 45 CFR 164.
    pub const fn hipaa(id: &'static str) -> Self {
        Self {
            framework: "hipaa",
            version: "",
            id,
        }
    }

    /// A practice of CMMC 2.0.
    pub const fn cmmc(id: &'static str) -> Self {
        Self {
            framework: "cmmc",
            version: "2.0",
            id,
        }
    }

    /// A safeguard of the CIS Critical Security Controls 8.1.
    pub const fn cis_controls(id: &'static str) -> Self {
        Self {
            framework: "cis-controls",
            version: "8.1",
            id,
        }
    }

    /// A control of the CSA Cloud Controls Matrix 4.
    pub const fn csa_ccm(id: &'static str) -> Self {
        Self {
            framework: "csa-ccm",
            version: "4.0",
            id,
        }
    }

    /// A criterion of SOC 2.
    pub const fn soc_2(id: &'static str) -> Self {
        Self {
            framework: "soc-2",
            version: "2017",
            id,
        }
    }

    /// A requirement of the implementing regulation of NIS 2, (EU) 2024/2690.
    pub const fn nis2(id: &'static str) -> Self {
        Self {
            framework: "nis2",
            version: "2024",
            id,
        }
    }

    /// A requirement of SecNumCloud 3.2.
    pub const fn secnumcloud(id: &'static str) -> Self {
        Self {
            framework: "secnumcloud",
            version: "3.2",
            id,
        }
    }

    /// A mitigation of the Essential Eight.
    pub const fn essential_eight(id: &'static str) -> Self {
        Self {
            framework: "essential-eight",
            version: "",
            id,
        }
    }

    /// An article of DORA, (EU) 2022/2554.
    pub const fn dora(id: &'static str) -> Self {
        Self {
            framework: "dora",
            version: "2022",
            id,
        }
    }

    /// A criterion of the Cloud Computing Compliance Criteria Catalogue.
    pub const fn c5(id: &'static str) -> Self {
        Self {
            framework: "c5",
            version: "2020",
            id,
        }
    }

    /// A technique of ATT&CK that the rule makes harder.
    pub const fn mitre_attack(id: &'static str) -> Self {
        Self {
            framework: "mitre-attack",
            version: "",
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

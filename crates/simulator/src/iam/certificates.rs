//! IAM's signing certificates.

use crate::call::Call;
use crate::error::ApiError;
use crate::iam::owner::Owner;
use crate::iam::write_page;
use crate::random;
use crate::xml::Xml;

/// What stands between the lines that mark a certificate is made up: nothing here is ever verified with it.
const BODY: &str = "-----BEGIN CERTIFICATE-----\nMIICiTCCAfICCQD6m7oRw0uXOjANBgkqhkiG9w0BAQUFADCBiDELMAkGA1UEBhMC\n\
-----END CERTIFICATE-----";

pub(super) fn list_signing_certificates(call: &Call) -> Result<Xml, ApiError> {
    let owner = Owner::authorized(call)?;
    let places: Vec<u32> = (0..owner.signing_certificates()).collect();
    write_page(call, "Certificates", &places, |xml, place| {
        let parts = [
            owner.account(),
            "certificate",
            owner.label(),
            &place.to_string(),
        ];
        owner.write_name(xml);
        xml.text("CertificateId", random::code(&parts, 32))
            .text("CertificateBody", BODY)
            .text("Status", "Active")
            .text("UploadDate", owner.created());
    })
}

//! UUIDs made of stable keys, so that equal snapshots give equal bytes and two reports name one thing alike.

use uuid::Uuid;

/// The namespace of every UUID of ours: a random one, which may never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x6d1a_9c0e_52f4_4b7b_9a53_0d0f_b7c6_2e81);

/// Returns the version 5 UUID of a key of several parts. No part may hold a line end but the last.
pub(crate) fn stable_uuid(parts: &[&str]) -> String {
    Uuid::new_v5(&NAMESPACE, parts.join("\n").as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::stable_uuid;

    /// Other systems keep these names: they may never change.
    #[test]
    fn a_key_has_the_same_uuid_for_ever() {
        let uuid = stable_uuid(&["finding", "c38a89c2e766eb5b"]);
        insta::assert_snapshot!(uuid, @"f438a4f6-2ee4-5aab-afd1-37f8d708a2d7");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(stable_uuid(&["ab", "c"]), stable_uuid(&["a", "bc"]));
    }
}

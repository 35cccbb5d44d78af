//! IAM's one operation that tells all policies, groups and roles of an account.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::window;
use crate::random;
use crate::world::{AWS_POLICIES, Account, Group, ManagedPolicy, Role, User, aws_policy};
use crate::xml::Xml;

/// What `Filter` can ask for.
const FILTERS: [&str; 5] = [
    "User",
    "Role",
    "Group",
    "LocalManagedPolicy",
    "AWSManagedPolicy",
];

/// The date of AWS's own policies.
const AWS_CREATED: &str = "2015-02-06T18:39:46Z";

/// One entry of the answer. A page's room is shared by all of them, in this order.
enum Entry<'a> {
    User(&'a User),
    Role(&'a Role),
    Group(&'a Group),
    Local(&'a ManagedPolicy),
    Aws(String),
}

pub(super) fn get_account_authorization_details(call: &Call) -> Result<Xml, ApiError> {
    call.authorize(&Resource::any())?;
    let account = call.own_account()?;
    let filters = filters(call)?;
    let has = |filter: &str| filters.is_empty() || filters.contains(filter);
    let mut entries = Vec::new();
    if has("User") {
        entries.extend(account.users.iter().map(Entry::User));
    }
    if has("Role") {
        entries.extend(account.roles.iter().map(Entry::Role));
    }
    if has("Group") {
        entries.extend(account.groups.iter().map(Entry::Group));
    }
    if has("LocalManagedPolicy") {
        entries.extend(account.policies.iter().map(Entry::Local));
    }
    if has("AWSManagedPolicy") {
        entries.extend(attached_of_aws(call, account).into_iter().map(Entry::Aws));
    }
    let page = window(call)?.page(entries.len(), call.quirk);
    let mut xml = Xml::default();
    xml.text("IsTruncated", page.next.is_some());
    let writer = Writer { call, account };
    let [mut users, mut groups, mut roles, mut policies] = [const { Vec::new() }; 4];
    for entry in page.of(&entries) {
        match entry {
            Entry::User(it) => users.push(writer.user(it)),
            Entry::Role(it) => roles.push(writer.role(it)),
            Entry::Group(it) => groups.push(writer.group(it)),
            Entry::Local(it) => policies.push(writer.local(it)),
            Entry::Aws(arn) => policies.push(writer.aws(arn)),
        }
    }
    for (tag, members) in [
        ("UserDetailList", users),
        ("GroupDetailList", groups),
        ("RoleDetailList", roles),
        ("Policies", policies),
    ] {
        xml.element(tag, |xml| {
            for member in members {
                xml.element("member", |xml| xml.append(&member));
            }
        });
    }
    xml.optional("Marker", page.next);
    Ok(xml)
}

fn filters<'a>(call: &Call<'a>) -> Result<BTreeSet<&'a str>, ApiError> {
    let asked = (1..).map_while(|number| call.text(&format!("Filter.member.{number}")));
    let mut filters = BTreeSet::new();
    for filter in asked {
        if !FILTERS.contains(&filter) {
            let set = format!(
                "satisfy constraint: [Member must satisfy enum value set: [{}]]",
                FILTERS.join(", ")
            );
            return Err(ApiError::constraint(&format!("[{filter}]"), "filter", &set));
        }
        filters.insert(filter);
    }
    Ok(filters)
}

/// Returns the ARNs of AWS's own policies that are in use, of those whose documents are known.
fn attached_of_aws(call: &Call, account: &Account) -> BTreeSet<String> {
    let of_users = account
        .users
        .iter()
        .flat_map(|it| it.policies.iter().chain(&it.boundary));
    let of_groups = account.groups.iter().flat_map(|it| &it.policies);
    let known = |arn: &&String| {
        let name = aws_policy(call.world.partition, arn);
        name.is_some_and(|name| AWS_POLICIES.iter().any(|it| it.0 == name))
    };
    of_users.chain(of_groups).filter(known).cloned().collect()
}

struct Writer<'a> {
    call: &'a Call<'a>,
    account: &'a Account,
}

impl Writer<'_> {
    fn user(&self, user: &User) -> Xml {
        let mut xml = Xml::default();
        let (partition, account) = (self.call.world.partition, &self.account.id);
        xml.element("GroupList", |xml| {
            for group in &user.groups {
                xml.text("member", group);
            }
        });
        self.attached(&mut xml, &user.policies);
        if let Some(boundary) = &user.boundary {
            xml.element("PermissionsBoundary", |xml| {
                xml.text("PermissionsBoundaryType", "Policy")
                    .text("PermissionsBoundaryArn", self.policy_arn(boundary));
            });
        }
        // AWS leaves the list out where nothing is on it.
        if !user.inline_policies.is_empty() {
            inline(&mut xml, "UserPolicyList", &user.inline_policies);
        }
        xml.text("UserId", user.id(account))
            .text("Path", &user.path)
            .text("UserName", &user.name)
            .text("Arn", user.arn_in(partition, account))
            .text("CreateDate", user.created);
        xml
    }

    fn group(&self, group: &Group) -> Xml {
        let mut xml = Xml::default();
        xml.text("GroupId", self.id("AGPA", &group.name));
        self.attached(&mut xml, &group.policies);
        xml.text("GroupName", &group.name).text("Path", &group.path);
        xml.text(
            "Arn",
            self.call
                .iam_arn(&format!("group{}{}", group.path, group.name)),
        )
        .text("CreateDate", self.account.root.created);
        inline(&mut xml, "GroupPolicyList", &group.inline_policies);
        xml
    }

    fn role(&self, role: &Role) -> Xml {
        let mut xml = Xml::default();
        let policies: BTreeMap<String, String> = role
            .policy
            .iter()
            .map(|it| ("policy".to_owned(), it.clone()))
            .collect();
        inline(&mut xml, "RolePolicyList", &policies);
        self.attached(&mut xml, &[]);
        xml.element("InstanceProfileList", |_| {});
        xml.text("Path", &role.path).text("RoleName", &role.name);
        let trust = role
            .trust_policy
            .clone()
            .unwrap_or_else(|| self.trust(role));
        xml.text("AssumeRolePolicyDocument", encoded(&trust))
            .text("CreateDate", self.account.root.created);
        xml.text("RoleId", self.id("AROA", &role.name));
        xml.text(
            "Arn",
            self.call
                .iam_arn(&format!("role{}{}", role.path, role.name)),
        );
        xml
    }

    /// Returns the trust policy that the role's other settings amount to.
    fn trust(&self, role: &Role) -> String {
        let world = self.call.world;
        let own = world.partition.iam(world.caller_account(), "root");
        let principals = if role.trust.is_empty() {
            vec![own]
        } else {
            role.trust.clone()
        };
        let mut equals = serde_json::Map::new();
        if let Some(id) = &role.external_id {
            equals.insert("sts:ExternalId".into(), id.as_str().into());
        }
        if let Some(organization) = world.organization.as_ref().filter(|_| role.require_org_id) {
            equals.insert("aws:PrincipalOrgID".into(), organization.id.as_str().into());
        }
        let mut statement = serde_json::json!({
            "Effect": "Allow", "Principal": { "AWS": principals }, "Action": "sts:AssumeRole",
        });
        if let (false, Some(it)) = (equals.is_empty(), statement.as_object_mut()) {
            it.insert(
                "Condition".into(),
                serde_json::json!({ "StringEquals": equals }),
            );
        }
        serde_json::json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
    }

    fn local(&self, policy: &ManagedPolicy) -> Xml {
        let mut xml = Xml::default();
        let arn = self.policy_arn(&policy.name);
        let current = if policy.earlier.is_some() { "v2" } else { "v1" };
        xml.text("PolicyName", &policy.name)
            .text("DefaultVersionId", current);
        xml.text("PolicyId", self.id("ANPA", &policy.name))
            .text("Path", &policy.path);
        xml.element("PolicyVersionList", |xml| {
            let created = self.account.root.created.to_string();
            version(xml, &policy.document, current, "true", &created);
            if let Some(earlier) = &policy.earlier {
                version(xml, earlier, "v1", "false", &created);
            }
        });
        self.end_policy(&mut xml, &arn, &self.account.root.created.to_string());
        xml
    }

    fn aws(&self, arn: &str) -> Xml {
        let mut xml = Xml::default();
        let name = aws_policy(self.call.world.partition, arn).unwrap_or_default();
        let found = AWS_POLICIES.iter().find(|it| it.0 == name);
        xml.text("PolicyName", name).text("DefaultVersionId", "v1");
        xml.text(
            "PolicyId",
            format!("ANPA{}", random::code(&["aws", name], 17)),
        )
        .text("Path", "/");
        xml.element("PolicyVersionList", |xml| {
            version(xml, found.map_or("", |it| it.1), "v1", "true", AWS_CREATED);
        });
        self.end_policy(&mut xml, arn, AWS_CREATED);
        xml
    }

    fn end_policy(&self, xml: &mut Xml, arn: &str, created: &str) {
        let names = |it: &String| self.policy_arn(it) == arn;
        let users = self.account.users.iter().map(|it| &it.policies);
        let groups = self.account.groups.iter().map(|it| &it.policies);
        let attachments = users
            .chain(groups)
            .filter(|it| it.iter().any(names))
            .count();
        xml.text("Arn", arn).text("AttachmentCount", attachments);
        xml.text("CreateDate", created)
            .text("IsAttachable", true)
            .text("UpdateDate", created);
    }

    fn attached(&self, xml: &mut Xml, policies: &[String]) {
        xml.element("AttachedManagedPolicies", |xml| {
            for policy in policies {
                let arn = self.policy_arn(policy);
                xml.element("member", |xml| {
                    xml.text("PolicyName", arn.rsplit('/').next().unwrap_or_default())
                        .text("PolicyArn", &arn);
                });
            }
        });
    }

    /// Returns the ARN of a policy that is named by it, or by the name of one of the account's own.
    fn policy_arn(&self, policy: &str) -> String {
        if policy.starts_with("arn:") {
            return policy.to_owned();
        }
        let own = self.account.policies.iter().find(|it| it.name == policy);
        let path = own.map_or("/", |it| &it.path);
        self.call.iam_arn(&format!("policy{path}{policy}"))
    }

    fn id(&self, kind: &str, name: &str) -> String {
        format!(
            "{kind}{}",
            random::code(&[&self.account.id, kind, name], 17)
        )
    }
}

fn inline(xml: &mut Xml, tag: &str, policies: &BTreeMap<String, String>) {
    xml.element(tag, |xml| {
        for (name, document) in policies {
            xml.element("member", |xml| {
                xml.text("PolicyName", name)
                    .text("PolicyDocument", encoded(document));
            });
        }
    });
}

fn version(xml: &mut Xml, document: &str, id: &str, in_force: &str, created: &str) {
    xml.element("member", |xml| {
        xml.text("Document", encoded(document))
            .text("IsDefaultVersion", in_force);
        xml.text("VersionId", id).text("CreateDate", created);
    });
}

/// Encodes a document as RFC 3986 has it: everything but letters, digits, `-`, `.`, `_` and `~`.
fn encoded(document: &str) -> String {
    let mut text = String::with_capacity(document.len() * 2);
    for byte in document.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

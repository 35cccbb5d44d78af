//! The steps for root users: to remove their credentials from the management account, or to sign in as them.

use model::{Console, Partition};

use super::{Steps, linked};
use crate::{
    escape,
    kit::{case::Case, run::RootPath, shell},
};

/// The root user of an account.
#[derive(Debug)]
pub(in crate::kit) struct RootUser {
    partition: Partition,
    console: Option<Console>,
    account: String,
    path: RootPath,
}

impl RootUser {
    pub(in crate::kit) fn of(case: &Case, path: RootPath) -> Self {
        let partition = case.subject.arn.partition();
        Self {
            console: Console::of(&partition),
            partition,
            account: case.account_id.to_string(),
            path,
        }
    }

    /// Tells whether the root user can sign in to the console in its partition.
    pub(in crate::kit) fn signs_in(&self) -> bool {
        !matches!(self.partition.as_str(), "aws-us-gov" | "aws-cn")
    }

    /// Returns the steps that remove every credential, without anybody signing in as the root user.
    pub(in crate::kit) fn remove_centrally(&self) -> Steps {
        let points = vec![
            format!("{}, \"Root access management\".", self.iam()),
            format!("Choose account {}, \"Take privileged action\".", escape::markdown(&self.account)),
            "\"Delete root user credentials\": the password, access keys, signing certificates and MFA devices go."
                .to_owned(),
        ];
        let steps = Steps::new("Delete the root user's credentials from the management account")
            .link(self.console.map(Console::iam))
            .text(
                "The organization manages root credentials centrally, so that nobody needs to sign in as this root \
                 user. Look first for what uses a root access key: it stops working. Then, in the management account \
                 or the account that IAM's administration is delegated to, as a role or user that may call \
                 `sts:AssumeRoot`:",
            )
            .points(points);
        let Some(assume) = self.assume_root() else {
            return steps;
        };
        steps
            .command(assume.clone())
            .text("Or with the AWS CLI, for a session of at most 15 minutes:")
            .commands([assume])
            .text(
                "and with the credentials that it prints (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, \
                 `AWS_SESSION_TOKEN`), for whatever is there:",
            )
            .commands([
                "aws iam delete-login-profile",
                "aws iam list-access-keys",
                "aws iam delete-access-key --access-key-id KEY_ID",
                "aws iam list-signing-certificates",
                "aws iam delete-signing-certificate --certificate-id CERTIFICATE_ID",
                "aws iam list-mfa-devices",
                "aws iam deactivate-mfa-device --serial-number SERIAL",
            ])
    }

    /// Returns the steps to a device, which are taken in the console alone.
    pub(in crate::kit) fn register(&self) -> Steps {
        let points = vec![
            self.sign_in(),
            format!("{}, \"Assign MFA device\".", self.own_page()),
            "Choose \"Passkey or security key\": it cannot be talked out of anybody as a code can."
                .to_owned(),
            "Register a second one, and keep the two in different places.".to_owned(),
        ];
        let steps = Steps::new("Register an MFA device for the root user, in the console")
            .link(self.console.map(Console::own_credentials))
            .text(
                "No API and no command enrols a device of a root user; it is done in the console:",
            )
            .points(points);
        self.alternative(steps)
    }

    /// Returns the steps that delete the access keys.
    pub(in crate::kit) fn delete_keys(&self) -> Steps {
        let what = "Delete the root user's access keys";
        let steps = Steps::new(what)
            .command("aws iam delete-access-key --access-key-id KEY_ID")
            .text("Find out what uses the key, and give that a role. The key itself tells which there are and when they were last used:")
            .commands([
                "aws iam list-access-keys",
                "aws iam get-access-key-last-used --access-key-id KEY_ID",
            ])
            .text("Then delete it, with the credentials of the root user:")
            .commands(["aws iam delete-access-key --access-key-id KEY_ID"]);
        let steps = if self.signs_in() {
            steps
                .link(self.console.map(Console::own_credentials))
                .text("Or in the console:")
                .points(vec![
                    self.sign_in(),
                    format!(
                        "{}, \"Access keys\": deactivate it, wait for complaints, delete it.",
                        self.own_page()
                    ),
                ])
        } else {
            steps.text(format!(
                "In partition {} a root user cannot sign in to the console.",
                escape::markdown(self.partition.as_str())
            ))
        };
        self.alternative(steps)
    }

    /// Returns the steps that delete the signing certificates.
    pub(in crate::kit) fn delete_certificates(&self) -> Steps {
        let steps = Steps::new("Delete the root user's signing certificates")
            .command("aws iam delete-signing-certificate --certificate-id CERTIFICATE_ID")
            .text("With the credentials of the root user:")
            .commands([
                "aws iam list-signing-certificates",
                "aws iam delete-signing-certificate --certificate-id CERTIFICATE_ID",
            ]);
        let steps = if self.signs_in() {
            steps
                .link(self.console.map(Console::own_credentials))
                .text("Or in the console:")
                .points(vec![
                    self.sign_in(),
                    format!("{}, \"X.509 signing certificates\".", self.own_page()),
                ])
        } else {
            steps
        };
        self.alternative(steps)
    }

    /// Tells what there is to do in place of signing in as the root user, if there is anything.
    fn alternative(&self, steps: Steps) -> Steps {
        match self.path {
            RootPath::Central | RootPath::OfStandalone => steps,
            RootPath::OfManagement => steps.text(
                "This is the management account: its root user keeps its credentials, and cannot be freed of them from \
                 elsewhere.",
            ),
            RootPath::NotEnabled => steps
                .text(
                    "Better: let the organization manage root credentials, and delete those of its members. In the \
                     management account:",
                )
                .commands([
                    "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com",
                    "aws iam enable-organizations-root-credentials-management",
                ])
                .text("Then audit again: the next kit has the steps."),
            RootPath::NotTold => steps.text(
                "Whether the organization manages root credentials centrally was not seen. If it does and this is a \
                 member account, delete them from the management account instead: IAM, \"Root access management\", \
                 \"Take privileged action\".",
            ),
        }
    }

    fn iam(&self) -> String {
        linked("IAM console", self.console.map(Console::iam).as_deref())
    }

    fn own_page(&self) -> String {
        let link = self.console.map(Console::own_credentials);
        linked("Security credentials", link.as_deref())
    }

    fn sign_in(&self) -> String {
        let account = escape::markdown(&self.account);
        format!(
            "Sign in as the root user of account {account}: \"Root user\", by the account's e-mail address."
        )
    }

    /// Returns the command that begins a session for deleting the credentials. Only Regional endpoints have it.
    fn assume_root(&self) -> Option<String> {
        let region = match self.partition.as_str() {
            "aws" => "us-east-1",
            "aws-us-gov" => "us-gov-west-1",
            "aws-cn" => "cn-north-1",
            "aws-eusc" => "eusc-de-east-1",
            _ => "REGION",
        };
        let account = shell::word(&self.account)?;
        let policy = format!(
            "arn:{}:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
            self.partition
        );
        let policy = shell::word(&policy)?;
        Some(format!(
            "aws sts assume-root --region {region} --target-principal {account} --task-policy-arn arn={policy} \
             --duration-seconds 900"
        ))
    }
}

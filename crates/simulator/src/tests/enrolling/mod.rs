//! Enrolling MFA devices: by whom, with which codes, and what it opens.

mod codes;
mod conditions;
mod devices;
mod hardware_tokens;
mod limits;
mod secrets;
mod self_service;
mod sessions;
mod simulation;
mod users;

use super::{Client, ORGANIZATION, element, elements, error_of};
use crate::clock;
use crate::reply::Reply;
use crate::totp::totp;
use crate::world::World;

/// The beginning of a step, and of a window of attempts.
const START: i64 = 1_800_000_000;

/// The seed of RFC 6238, appendix B.
const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// Two users with all permissions, each with an access key.
const USERS: &str = r#"
    [[account.user]]
    name = "alice"
    access-keys = [{ id = "AKIAALICE" }]
    policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    [[account.user]]
    name = "bob"
    path = "/team/"
    access-keys = [{ id = "AKIABOB" }]
    policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
"#;

/// What a refusal is: status, code and message.
type Refusal = (u16, String, String);

/// A simulator whose clock stands at the beginning of a step, asked by users of the member account.
struct Desk {
    client: Client,
    now: i64,
}

impl Desk {
    /// Returns a desk in front of a world with two users; `more` goes on with the second one.
    fn of(more: &str) -> Self {
        Self::in_account("", &format!("{USERS}{more}"))
    }

    /// Returns a desk with one user, whose key is `AKIABOB` and who has this inline policy; `more` goes on with the user.
    fn with_policy(policy: &str, more: &str) -> Self {
        let user = format!(
            "[[account.user]]\nname = \"bob\"\naccess-keys = [{{ id = \"AKIABOB\" }}]\n\
             inline-policies = {{ own = \'\'\'{policy}\'\'\' }}\n{more}"
        );
        Self::in_account("", &user)
    }

    /// Returns a desk in the member account, which has these settings and users.
    fn in_account(settings: &str, users: &str) -> Self {
        let id = "id = \"222222222222\"";
        let account = ORGANIZATION.replace(id, &format!("{id}\n{settings}"));
        Self::in_world(World::from_toml(&format!("{account}{users}")).unwrap())
    }

    /// Returns a desk in front of a world that has a user with the key `AKIABOB`.
    fn in_world(world: World) -> Self {
        let mut desk = Self {
            client: Client::of(world),
            now: START,
        };
        desk.set_clock();
        desk.sign_in("BOB");
        desk
    }

    fn set_clock(&self) {
        let skew = self.now - clock::real();
        self.client.state.update(|it| it.clock_skew_seconds = skew);
    }

    /// Lets time pass on the server's clock.
    fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        self.set_clock();
    }

    /// Goes on with the long-term access key of a user.
    fn sign_in(&mut self, user: &str) {
        self.client.access_key = format!("AKIA{user}");
        self.client.token = None;
    }

    /// Goes on with an MFA session of the user who is signed in.
    fn show(&mut self, serial: &str, offset: i64) {
        let answer = self.session(serial, offset);
        self.client.go_on_with(&answer);
    }

    fn iam(&self, action: &str, more: &str) -> Refusal {
        error_of(&self.client.iam(action, more))
    }

    /// Returns the status of an answer of IAM's.
    fn status(&self, action: &str, more: &str) -> u16 {
        self.client.iam(action, more).status
    }

    /// Creates a virtual device and returns its serial number.
    fn create(&self, name: &str) -> String {
        let more = format!("VirtualMFADeviceName={name}");
        let answer = self.client.iam("CreateVirtualMFADevice", &more);
        assert_eq!(answer.status, 200, "{}", answer.body);
        element(&answer.body, "SerialNumber").unwrap()
    }

    /// Returns the code that a device shows so many steps from now.
    fn code(&self, serial: &str, offset: i64) -> String {
        let seed = self.client.state.device_seed(serial).unwrap();
        totp(&seed, self.now + 30 * offset).unwrap()
    }

    /// Calls `EnableMFADevice` or `ResyncMFADevice` with the codes of two steps.
    fn pair(&self, action: &str, user: &str, serial: &str, steps: (i64, i64)) -> Refusal {
        let codes = [steps.0, steps.1].map(|it| self.code(serial, it));
        self.iam(action, &pair_of(user, serial, &codes))
    }

    /// Enables a device with the two codes up to the one that is so many steps from now.
    fn enable(&self, user: &str, serial: &str, second: i64) -> Refusal {
        self.pair("EnableMFADevice", user, serial, (second - 1, second))
    }

    /// Creates and enables a device, and returns its serial number.
    fn enrol(&self, user: &str, name: &str) -> String {
        let serial = self.create(name);
        assert_eq!(self.enable(user, &serial, 0).0, 200);
        serial
    }

    /// Asks for a session with the code that a device shows so many steps from now.
    fn session(&self, serial: &str, offset: i64) -> Reply {
        let code = self.code(serial, offset);
        let more = format!("SerialNumber={serial}&TokenCode={code}");
        self.client.sts("GetSessionToken", &more)
    }

    /// Returns the serial numbers of a user's devices.
    fn devices(&self, user: &str) -> Vec<String> {
        let answer = self
            .client
            .iam("ListMFADevices", &format!("UserName={user}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        elements(&answer.body, "SerialNumber")
    }

    /// Returns the serial numbers of virtual devices by their assignment.
    fn virtual_devices(&self, status: &str) -> Vec<String> {
        let more = format!("AssignmentStatus={status}");
        let answer = self.client.iam("ListVirtualMFADevices", &more);
        assert_eq!(answer.status, 200, "{}", answer.body);
        elements(&answer.body, "SerialNumber")
    }
}

fn pair_of(user: &str, serial: &str, codes: &[impl AsRef<str>; 2]) -> String {
    let [first, second] = codes.each_ref().map(AsRef::as_ref);
    format!(
        "UserName={user}&SerialNumber={serial}&AuthenticationCode1={first}&AuthenticationCode2={second}"
    )
}

fn virtual_serial(name: &str) -> String {
    format!("arn:aws:iam::222222222222:mfa/{name}")
}

fn refusal(status: u16, code: &str, message: &str) -> Refusal {
    (status, code.to_owned(), message.to_owned())
}

/// What IAM says of a pair of codes that it does not take.
fn wrong_pair() -> Refusal {
    let message = "Authentication code for device is not valid.";
    refusal(403, "InvalidAuthenticationCode", message)
}

/// What AWS says to users who have a device and tell of none.
fn not_shown() -> Refusal {
    let message = "To complete this action, please ensure that you are authenticated with an MFA device that is enabled \
                   for this user.";
    refusal(403, "AccessDenied", message)
}

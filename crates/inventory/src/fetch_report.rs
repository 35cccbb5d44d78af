//! Has AWS make an account's credential report, and fetches it when it is ready.

use std::time::Duration;

use aws::Trouble;
use model::GapReason;
use tokio::time::{Instant, sleep};

use crate::{
    calls::{
        generate_credential_report::{Progress, generate_credential_report},
        get_credential_report::{FetchedReport, get_credential_report},
    },
    door::Door,
    pace::ReportWait,
};

const GENERATE: &str = "GenerateCredentialReport";
const GET: &str = "GetCredentialReport";
/// The longest wait between two looks.
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// The shortest wait between two looks.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
/// How many looks of one account say something of the others: a report that never comes says nothing.
const TELLING_LOOKS: u32 = 2;
/// The wait after AWS said that it makes too many reports.
const BUSY_WAIT: Duration = Duration::from_millis(500);

/// Fetches a report: asks for it, waits as long as reports take, and looks again until `patience` ends.
///
/// What is asked for again is the report itself and not how far it is: the look that finds it ready brings it, and one
/// call is saved in every account.
pub(crate) async fn fetch_report(
    door: &Door,
    usual: &ReportWait,
    patience: Duration,
) -> Result<FetchedReport, Trouble> {
    let end = Instant::now() + patience;
    match begin(door, end).await? {
        Begun::Complete => return get(door).await,
        Begun::Fetched(report) => return Ok(report),
        Begun::Started => {}
    }
    let mut waited = Duration::ZERO;
    let mut wait = usual.now();
    let mut looks: u32 = 0;
    loop {
        // However long reports usually take, the last look is when patience ends, and not before.
        let left = end.saturating_duration_since(Instant::now());
        let is_last = wait >= left;
        wait = wait.min(left);
        sleep(wait).await;
        waited += wait;
        // What was learned from other accounts meanwhile.
        let longer = usual.now().saturating_sub(waited);
        if !longer.is_zero() && !is_last {
            wait = longer;
            continue;
        }
        looks += 1;
        let trouble = match get(door).await {
            Ok(report) => {
                usual.sufficed(waited);
                return Ok(report);
            }
            Err(trouble) => trouble,
        };
        match trouble.code.as_str() {
            "ReportInProgress" if looks <= TELLING_LOOKS => usual.fell_short(waited),
            "ReportInProgress" => {}
            // AWS lost it, or never began.
            "ReportNotPresent" | "ReportExpired" => {
                if let Begun::Fetched(report) = begin(door, end).await? {
                    return Ok(report);
                }
            }
            _ => return Err(trouble),
        }
        if is_last {
            let detail = format!("the report was not complete after {} s", patience.as_secs());
            return Err(Trouble::new(GENERATE, GapReason::Deadline, detail));
        }
        // What was learned is seldom much too short: the second look is soon after the first, and later ones are not.
        let longer = [0.05, 0.1, 0.2];
        let share = longer
            .get((looks as usize).saturating_sub(1))
            .unwrap_or(&0.3);
        wait = waited.mul_f64(*share).clamp(SHORTEST_WAIT, LONGEST_WAIT);
    }
}

/// What came of asking for a report.
enum Begun {
    /// It can be fetched.
    Complete,
    /// It is being made.
    Started,
    /// None can be made, but there is one already.
    Fetched(FetchedReport),
}

/// Asks AWS to make the report.
///
/// IAM answers `LimitExceeded` when it is asked for too many, which the SDK does not try again: here it is one more
/// reason to wait.
async fn begin(door: &Door, end: Instant) -> Result<Begun, Trouble> {
    let mut wait = BUSY_WAIT;
    loop {
        let generate = async |iam| generate_credential_report(&iam).await;
        let trouble = match door.ask(GENERATE, generate).await {
            Ok(Progress::Complete) => return Ok(Begun::Complete),
            Ok(Progress::Started) => return Ok(Begun::Started),
            Err(trouble) => trouble,
        };
        if trouble.code == "LimitExceeded" && Instant::now() + wait < end {
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        } else {
            // A report that exists may be fetched all the same. If it may not, what kept a new one from being made
            // says more.
            return get(door).await.map(Begun::Fetched).map_err(|_| trouble);
        }
    }
}

async fn get(door: &Door) -> Result<FetchedReport, Trouble> {
    door.ask(GET, async |iam| get_credential_report(&iam).await)
        .await
}

//! Where two codes come from: the command line, or a person who is told what is wrong with them before AWS is asked.

use std::{collections::VecDeque, time::Duration};

use aws::{Clock, Connection};
use program::{CliError, Kind, output::say};
use tokio::time::Instant;

use crate::{
    ask::{NoAnswer, ask},
    codes::{Code, Pair},
    preflight::off,
    seed::{Judged, Seed},
};

/// How many verifications of a device's codes AWS was seen to make in a while, and how long that is.
const TRIES: usize = 9;
const WHILE: Duration = Duration::from_mins(3);

/// How far a device's clock may be off so that nobody needs to hear of it, in seconds.
const QUIET_SECONDS: i64 = 60;

/// Where codes come from.
pub(crate) enum CodeEntry {
    /// The command line: there is one try.
    Given(Pair),
    /// A person, or the lines that a script sends.
    Asked {
        /// When codes were sent to AWS.
        tries: VecDeque<Instant>,
    },
}

/// What is known of codes before AWS is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Knowledge {
    /// Nothing is wrong with them, as far as can be told.
    Nothing,
    /// The device's clock is off by so many seconds: ahead of AWS's, or behind it if negative.
    ClockOff(i64),
    /// They are of another device, or its clock is far off.
    NotOfDevice,
}

impl CodeEntry {
    /// Reads the codes of the command line, if there are any.
    pub(crate) fn of(given: Option<&[Code]>) -> Result<Self, CliError> {
        let Some([first, second]) = given else {
            return Ok(Self::Asked {
                tries: VecDeque::new(),
            });
        };
        let pair = Pair::new(first.clone(), second.clone()).map_err(|_| {
            let error =
                "both codes are the same: AWS wants two that follow one another; nothing was sent";
            CliError::new(Kind::Usage, error)
                .hint("give the code that the device shows, and the one that it shows next")
        })?;
        Ok(Self::Given(pair))
    }

    /// Tells whether other codes can be had when these are refused.
    pub(crate) const fn can_ask_again(&self) -> bool {
        matches!(self, Self::Asked { .. })
    }

    /// Returns two codes that may be sent, with what is known of them.
    ///
    /// With the seed of the device, codes that are swapped, or that do not follow one another, are told before anything
    /// is sent. Others are sent: what AWS takes is AWS's to say.
    pub(crate) async fn next(
        &mut self,
        connection: &Connection,
        seed: Option<&Seed>,
    ) -> Result<(Pair, Knowledge), CliError> {
        match self {
            Self::Given(pair) => match judged(connection, seed, pair) {
                Ok(knowledge) => Ok((pair.clone(), knowledge)),
                Err(wrong) => Err(CliError::new(Kind::Usage, format!("{wrong}; nothing was sent"))
                    .hint("give the code that the device shows, then the very next one, in this order")),
            },
            Self::Asked { tries } => {
                wait_for_try(tries).await;
                loop {
                    let pair = ask_pair().await?;
                    match judged(connection, seed, &pair) {
                        Ok(knowledge) => {
                            tries.push_back(Instant::now());
                            return Ok((pair, knowledge));
                        }
                        Err(wrong) => say(&format!(
                            "{}. Nothing was sent. Wait for a new code, then try again.",
                            capitalized(wrong)
                        )),
                    }
                }
            }
        }
    }
}

/// Tells what two codes are to the device's seed, or what is certainly wrong with them.
fn judged(
    connection: &Connection,
    seed: Option<&Seed>,
    pair: &Pair,
) -> Result<Knowledge, &'static str> {
    let Some(seed) = seed else {
        return Ok(Knowledge::Nothing);
    };
    let ours = Clock::System.now().epoch_seconds();
    let aws_now = ours - connection.meter().clock_skew_seconds().unwrap_or_default();
    match seed.judge(pair, aws_now) {
        Judged::InOrder { clock_seconds } if clock_seconds.abs() <= QUIET_SECONDS => {
            Ok(Knowledge::Nothing)
        }
        Judged::InOrder { clock_seconds } => Ok(Knowledge::ClockOff(clock_seconds)),
        Judged::Swapped => Err("the codes are swapped: the second was shown before the first"),
        Judged::Skipped => Err(
            "there was another code between these two, and AWS wants two that follow one another",
        ),
        Judged::Unknown => Ok(Knowledge::NotOfDevice),
    }
}

impl Knowledge {
    /// Returns what explains that AWS refused the codes, where something does.
    pub(crate) fn explanation(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::ClockOff(seconds) => Some(format!(
                "the codes are this device's, but its clock is {}: set it to the time of the network (on a phone: automatic date and time), then try new codes",
                off(seconds)
            )),
            Self::NotOfDevice => Some(
                "the codes are not of the device that was just made, or the clock of the device is off by more than half a day: look at the entry that was added just now, and at the device's date and time".to_owned(),
            ),
        }
    }

    /// Returns what is worth knowing although AWS took the codes.
    pub(crate) fn advice(self) -> Option<String> {
        let Self::ClockOff(seconds) = self else {
            return None;
        };
        Some(format!(
            "The clock of the device is {}. AWS allows for that from now on; once the clock is corrected, run: mfaudit-enroll resync",
            off(seconds)
        ))
    }
}

async fn ask_pair() -> Result<Pair, CliError> {
    let first = ask_code("First code: ").await?;
    loop {
        let second = ask_code("Second code, as soon as another is shown: ").await?;
        match Pair::new(first.clone(), second) {
            Ok(pair) => return Ok(pair),
            Err(_) => say(
                "That is the same code. Wait until the device shows the next one, within 30 seconds.",
            ),
        }
    }
}

async fn ask_code(question: &str) -> Result<Code, CliError> {
    loop {
        let line = ask(question).await.map_err(|it| no_answer(&it))?;
        match line.parse() {
            Ok(code) => return Ok(code),
            Err(error) => say(&format!("That is no code: {error}.")),
        }
    }
}

fn no_answer(why: &NoAnswer) -> CliError {
    match why {
        NoAnswer::End => CliError::new(
            Kind::Failed,
            "standard input ended before two codes were given",
        )
        .hint("run it on a terminal, or send one code a line"),
        NoAnswer::Unreadable(error) => CliError::new(
            Kind::Failed,
            format!("standard input cannot be read: {error}"),
        ),
    }
}

/// Waits where AWS would refuse even right codes, since there were too many tries.
async fn wait_for_try(tries: &mut VecDeque<Instant>) {
    let left = until_next_try(tries, Instant::now());
    if left.is_zero() {
        return;
    }
    say(&format!(
        "AWS takes {TRIES} tries in about three minutes. Waiting {} seconds, so that the next one counts.",
        left.as_secs().max(1)
    ));
    tokio::time::sleep(left).await;
}

/// Returns how long the next try has to wait, and forgets those that count no more by then.
fn until_next_try(tries: &mut VecDeque<Instant>, now: Instant) -> Duration {
    let age = |it: Instant| now.saturating_duration_since(it);
    while tries.front().is_some_and(|it| age(*it) >= WHILE) {
        tries.pop_front();
    }
    if tries.len() < TRIES {
        return Duration::ZERO;
    }
    let oldest = tries.pop_front();
    oldest.map_or(Duration::ZERO, |it| WHILE.saturating_sub(age(it)))
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{CodeEntry, Knowledge, until_next_try};

    #[test]
    fn the_same_code_twice_on_the_command_line_is_told_before_anything_is_done() {
        let codes = ["123456".parse().unwrap(), "123 456".parse().unwrap()];
        let error = CodeEntry::of(Some(&codes)).err().unwrap();
        assert!(error.to_string().contains("the same"), "{error}");
    }

    #[test]
    fn a_clock_that_is_off_is_told_with_its_side() {
        let told = Knowledge::ClockOff(-9 * 3600).explanation().unwrap();
        assert!(told.contains("9 hours behind AWS's"), "{told}");
        let told = Knowledge::ClockOff(180).advice().unwrap();
        assert!(
            told.contains("3 minutes ahead of AWS's") && told.contains("resync"),
            "{told}"
        );
    }

    #[test]
    fn the_tenth_try_within_three_minutes_waits_until_the_first_is_three_minutes_old() {
        let began = tokio::time::Instant::now();
        let after = |seconds| began + Duration::from_secs(seconds);
        let mut tries = (0..9).map(|_| began).collect();
        let wait = until_next_try(&mut tries, after(100));
        assert_eq!(wait, Duration::from_secs(80));
        tries.push_back(after(180));
        let wait = until_next_try(&mut tries, after(181));
        assert_eq!((wait, tries.len()), (Duration::ZERO, 1));
    }
}

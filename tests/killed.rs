//! A run that is killed at any moment, and killed again while it goes on, ends as if nothing had happened.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Child, thread, time::Duration};

use serde_json::Value;
use simulator::World;

use crate::harness::{Run, Stage, until};

/// How many runs are killed, at moments that are spread from their start to their end.
const RUNS: u64 = 50;
/// How many organizations they are shared among, which are audited at the same time.
const SCENES: u64 = 2;
/// Another number kills at other moments.
const SEED: u64 = 20;
/// What the moments of a run are counted in.
const WHOLE: u64 = 10_000;
/// The part of it in which a run has no journal yet.
const BEGINNING: u64 = 800;

#[test]
fn a_run_that_is_killed_at_any_moment_goes_on_where_it_was() {
    let told = thread::scope(|scope| {
        let scenes = (0..SCENES).map(|scene| scope.spawn(move || kill_every_nth(scene)));
        let scenes: Vec<_> = scenes.collect();
        let told = scenes.into_iter().map(|it| it.join().unwrap());
        told.fold(Told::default(), Told::and)
    });
    // Else the moments are not where they should be.
    assert!(told.kills >= 50, "{told:?}");
    assert!(told.without_journal > 0 && told.cut > 0, "{told:?}");
    assert!(told.kept > told.kills, "{told:?}");
}

fn kill_every_nth(first: u64) -> Told {
    let scene = Scene::new();
    let mut told = Told::default();
    for run in (first..RUNS).filter(|it| it % SCENES == first) {
        let seed = SEED + run;
        println!("run {run}, seed {seed}");
        let mut random = Random(seed);
        let moment = (run * WHOLE + random.below(WHOLE)) / RUNS;
        scene.kill_and_resume(moment, &mut random, &mut told);
    }
    told
}

/// What happened over all runs.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    kills: usize,
    /// Kills before there was anything to go on with.
    without_journal: usize,
    /// Journals whose last line was cut by hand.
    cut: usize,
    /// Accounts that were not asked again, over all runs that went on.
    kept: usize,
}

impl Told {
    fn and(self, other: Self) -> Self {
        Self {
            kills: self.kills + other.kills,
            without_journal: self.without_journal + other.without_journal,
            cut: self.cut + other.cut,
            kept: self.kept + other.kept,
        }
    }
}

/// An organization whose audit takes a while, and what an audit that nobody disturbs makes of it.
struct Scene {
    stage: Stage,
    whole: Vec<u8>,
    /// How long the journal is at the end.
    length: u64,
}

impl Scene {
    fn new() -> Self {
        let stage = Stage::late(World::generate(40, 3, 14), Duration::from_millis(10));
        let mut scene = Self {
            stage,
            whole: Vec::new(),
            length: 0,
        };
        let mut child = scene.begin(false);
        until("an undisturbed run ends", || {
            scene.length = scene.length.max(scene.written());
            child.try_wait().unwrap().is_some()
        });
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!(run.status, 0, "{}", run.stderr);
        scene.whole = fs::read(scene.stage.file("run.mfaudit")).unwrap();
        scene
    }

    fn journal(&self) -> PathBuf {
        self.stage.file("run.mfaudit.journal")
    }

    /// Returns how many bytes the journal has.
    fn written(&self) -> u64 {
        fs::metadata(self.journal()).map_or(0, |it| it.len())
    }

    fn begin(&self, resume: bool) -> Child {
        // Few accounts at once, so that there are many states in which a run can be killed.
        let arguments = ["collect", "-o", "run.mfaudit", "--concurrency", "8"];
        let resume: &[&str] = if resume { &["--resume"] } else { &[] };
        self.stage.start(&[&arguments[..], resume].concat())
    }

    /// Kills a run at a moment, and what goes on with it at others, until it is done.
    fn kill_and_resume(&self, mut moment: u64, random: &mut Random, told: &mut Told) {
        let snapshot = self.stage.file("run.mfaudit");
        let _ = fs::remove_file(&snapshot);
        let kills = 1 + random.below(2);
        for kill in 0..=kills {
            let asked = self.stage.simulator().journal().len();
            let recorded = recorded(&fs::read(self.journal()).unwrap_or_default());
            let mut child = self.begin(kill > 0);
            if kill < kills {
                self.wait_for(moment, asked, &mut child);
                // One that has ended meanwhile is none the worse.
                child.kill().unwrap();
            }
            let run = Run::of(child.wait_with_output().unwrap());
            self.assert_none_is_asked_again(&recorded, asked);
            told.kept += recorded.len();
            if run.status == 0 {
                break;
            }
            assert!(kill < kills, "{}", run.stderr);
            told.kills += 1;
            told.without_journal += usize::from(!self.journal().exists());
            if random.below(2) == 0 {
                told.cut += usize::from(self.cut_last_line(random));
            }
            moment = random.below(WHOLE);
        }
        assert!(fs::read(&snapshot).unwrap() == self.whole, "it differs");
        assert!(!self.journal().exists(), "the journal is left");
    }

    /// Waits until a moment of a run has come, by what the run has done. The moments of one that goes on are spread over
    /// what is left to do.
    fn wait_for(&self, moment: u64, asked: usize, child: &mut Child) {
        let at_first = self.written();
        let left = self.length.saturating_sub(at_first);
        let has_come = || {
            if moment < BEGINNING {
                // Up to the list of accounts, four calls are made.
                let calls = self.stage.asked_after(asked).len();
                return calls as u64 >= moment * 4 / BEGINNING;
            }
            let share = (moment - BEGINNING) * left / (WHOLE - BEGINNING);
            self.written() >= at_first + share
        };
        until("the moment to kill comes", || {
            has_come() || child.try_wait().unwrap().is_some()
        });
    }

    fn assert_none_is_asked_again(&self, recorded: &BTreeSet<String>, asked: usize) {
        for entry in self.stage.asked_after(asked) {
            // Of the organization, not of the account that answers.
            let once_a_run = entry.action == "ListOrganizationsFeatures";
            let of_account = entry.service == "iam" || entry.action == "AssumeRole";
            let of_account = of_account && !once_a_run;
            assert!(
                !of_account || !recorded.contains(&entry.account),
                "{entry:?} though it was recorded"
            );
        }
    }

    /// Cuts what a kill may cut: any part of the last line. Tells whether there was one.
    fn cut_last_line(&self, random: &mut Random) -> bool {
        let Ok(bytes) = fs::read(self.journal()) else {
            return false;
        };
        let lines: Vec<_> = bytes.split_inclusive(|it| *it == b'\n').collect();
        let Some(last) = lines.last() else {
            return false;
        };
        let cut = 1 + random.below(last.len() as u64);
        let length = bytes.len() as u64 - cut;
        let file = fs::OpenOptions::new().write(true).open(self.journal());
        file.unwrap().set_len(length).unwrap();
        true
    }
}

/// Returns the accounts of which a journal has a whole record.
fn recorded(journal: &[u8]) -> BTreeSet<String> {
    let lines = journal.split_inclusive(|it| *it == b'\n');
    let whole = lines.filter(|it| it.ends_with(b"\n"));
    let read = whole.map(|it| serde_json::from_slice::<Value>(it).unwrap());
    let ids = read.filter_map(|it| Some(it.get("record")?["account"]["id"].as_str()?.to_owned()));
    ids.collect()
}

/// A generator of pseudo-random numbers: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let it = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

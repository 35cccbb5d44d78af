//! Writes a dataset of made-up runs through the publishing code: `generated_history URL DAYS ACCOUNTS USERS SEED`.

// As the module names it, which a benchmark shares.
extern crate mfaudit_delivery as delivery;

mod world;

use std::{env, error::Error};

use delivery::{
    dataset::{Dataset, Published},
    storage::{Location, StorageOptions, Store},
};

use self::world::{Random, World};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = env::args().skip(1).collect();
    let [url, days, accounts, users, seed] = args.as_slice() else {
        return Err("usage: generated_history URL DAYS ACCOUNTS USERS SEED".into());
    };
    let root: Location = url.parse()?;
    let dataset = Dataset::new(Store::open(&root, &StorageOptions::default())?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut random = Random::new(seed.parse()?);
    let mut world = World::new(accounts.parse()?, users.parse()?, &mut random);
    for day in 0..days.parse()? {
        world.pass_a_day(day, &mut random);
        // Some days nobody looks.
        if day > 0 && random.one_in(40) {
            continue;
        }
        let staged = world.run(day, &mut random)?;
        let published = runtime.block_on(dataset.publish(staged, || model::Timestamp::EPOCH))?;
        if published != Published::New {
            return Err("the dataset has runs of another history".into());
        }
    }
    Ok(())
}

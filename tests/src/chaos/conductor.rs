//! The program `chaos conduct`: starts everything, lets things go wrong, waits until everything is drained, judges.

mod stage;
mod watch;

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::broker::manner::Mood;
use super::crew::Role;
use super::ground::Ground;
use super::options::Options;
use super::oracle;
use super::schedule::{Fault, deploys, schedule};
use super::verdict::{Facts, Verdict};
use super::{Failure, aim, logs};
use stage::Stage;
use watch::{Watch, is_everywhere};

/// How often the workers are looked after.
const TICK: Duration = Duration::from_millis(25);

/// How long a run may stand still before it counts as drained of all that will ever come.
const STANDSTILL: Duration = Duration::from_secs(45);

/// Runs and judges; tells whether every promise was kept.
///
/// # Errors
/// When the harness itself fails.
pub async fn run<G: Ground>(options: &Options) -> Result<bool, Failure> {
    println!("chaos: {} s, seed {}", options.seconds, options.seed);
    let mut stage = Stage::<G>::set(options).await?;
    let mut watch = Watch::begin();
    let_things_go_wrong(&mut stage, &mut watch, options).await?;
    stage.calm();
    stage.crew.tend(true)?;
    stage.crew.dismiss(Role::Writer).await?;
    stage.crew.dismiss(Role::Stranger).await?;
    stage.crew.dismiss(Role::Operator).await?;
    drain(&mut stage, Drained::SetAside).await?;
    let census = watch.settle(&stage).await?;
    let committed = oracle::committed::<G>(&stage.address).await?;
    println!("places: {}, after {} looks", census.places(&committed, &stage.broker.sent()), watch.looks);
    stage.crew.recall(Role::Operator)?;
    drain(&mut stage, Drained::Settled).await?;
    for role in [Role::Operator, Role::Relay, Role::Consumer] {
        stage.crew.dismiss(role).await?;
    }
    let verdict = judge(&stage, &mut watch, options).await?;
    tell(stage, (&verdict, &watch.complaints), options)
}

async fn judge<G: Ground>(stage: &Stage<G>, watch: &mut Watch, options: &Options) -> Result<Verdict, Failure> {
    let committed = oracle::committed::<G>(&stage.address).await?;
    let census = watch.settle(stage).await?;
    println!("places: {}, after the operators", census.places(&committed, &stage.broker.sent()));
    println!("awaiting a deploy: at most {}", watch.awaiting);
    Ok(Verdict::of(&Facts {
        committed,
        sent: stage.broker.sent().into_iter().map(|sending| sending.event).collect(),
        elsewhere: census.settled().map(str::to_owned).collect(),
        applied: census.applied,
        histories: stage.histories.clone(),
        misplaced: watch.misplaced.clone(),
        kills: stage.crew.kills() + stage.crashes + stage.histories.len(),
        seed: options.seed,
    }))
}

async fn let_things_go_wrong<G: Ground>(
    stage: &mut Stage<G>,
    watch: &mut Watch,
    options: &Options,
) -> Result<(), Failure> {
    let (start, mut began) = (Instant::now(), Instant::now());
    let mut faults = schedule::<G>(options.seed, options.length()).into_iter().peekable();
    let mut deploys = deploys(options.length()).into_iter().peekable();
    while start.elapsed() < options.length() {
        while let Some((_, role, place)) = deploys.next_if(|(at, ..)| *at <= start.elapsed()) {
            watch.look_now(stage).await;
            stage.crew.deploy(role, place)?;
        }
        while let Some((_, fault)) = faults.next_if(|(at, _)| *at <= began.elapsed()) {
            let before = Instant::now();
            inflict(stage, fault, options).await?;
            // The schedule stands still while the server is away, or what comes next would come all at once.
            began += before.elapsed();
        }
        stage.tend()?;
        watch.look(stage).await;
        sleep(TICK).await;
    }
    // What was late because a server was away.
    deploys.try_for_each(|(_, role, place)| stage.crew.deploy(role, place))
}

async fn inflict<G: Ground>(stage: &mut Stage<G>, fault: Fault, options: &Options) -> Result<(), Failure> {
    tracing::debug!(?fault);
    match fault {
        Fault::Kill(role, number) => stage.crew.kill(role, number)?,
        Fault::Freeze(role, number, length) => stage.crew.freeze(role, number, length),
        Fault::Crash(how) => stage.crash(how),
        Fault::Restore(_) if options.without_restores => {}
        Fault::Restore(back) => stage.restore(back).await?,
        Fault::FreezeServer(number, length) => stage.freeze_server(number, length),
        Fault::Hold(hold) => stage.hold(hold),
        Fault::Junk(number) => stage.broker.litter(number),
        Fault::BreakBroker(length) => stage.upset_broker(Mood::Broken, length),
        Fault::HangBroker(length) => stage.upset_broker(Mood::Hanging, length),
    }
    Ok(())
}

/// How far a run is drained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drained {
    /// What isn't applied waits for an operator, or behind what does.
    SetAside,
    /// What isn't applied was discarded.
    Settled,
}

/// Waits until everything that was committed is sent and acknowledged, and drained so far; or until nothing moves any more.
async fn drain<G: Ground>(stage: &mut Stage<G>, drained: Drained) -> Result<(), Failure> {
    let (mut last, mut moved) = (None, Instant::now());
    while moved.elapsed() < STANDSTILL {
        stage.crew.tend(true)?;
        // Somebody may still have all connections of the server.
        let progress = oracle::progress::<G>(&stage.address).await.ok();
        let now = (progress, stage.broker.count(), stage.broker.waiting());
        tracing::debug!(?now, "draining");
        if last.as_ref() != Some(&now) {
            (last, moved) = (Some(now), Instant::now());
        }
        if moved.elapsed() > stage::QUIET && stage.broker.waiting() == 0 && is_drained(stage, drained).await? {
            return Ok(());
        }
        sleep(TICK * 8).await;
    }
    println!("nothing moved for {} s", STANDSTILL.as_secs());
    Ok(())
}

async fn is_drained<G: Ground>(stage: &Stage<G>, drained: Drained) -> Result<bool, Failure> {
    let committed = oracle::committed::<G>(&stage.address).await?;
    let census = oracle::census::<G>(&stage.address).await?;
    let is_quiet = match drained {
        Drained::SetAside => census.letters_in("retry") == 0,
        Drained::Settled => census.in_backlog().next().is_none(),
    };
    Ok(is_quiet && is_everywhere(&committed, &census))
}

fn tell<G: Ground>(
    stage: Stage<G>,
    (verdict, complaints): (&Verdict, &[String]),
    options: &Options,
) -> Result<bool, Failure> {
    let complaints = [stage.crew.deserters(), complaints].concat();
    let is_good = verdict.is_good() && complaints.is_empty();
    verdict.wrongs().iter().chain(&complaints).for_each(|wrong| println!("{wrong}"));
    if verdict.unordered() > 0 {
        println!("raw commits: {} events, whose order is not promised", verdict.unordered());
    }
    if let Some(vanished) = verdict.vanished() {
        println!("restores: {}, {vanished}", stage.histories.len());
    }
    println!("aimed kills: {}", aim::deaths(stage.crew.logs()));
    println!("failures: {}", logs::hits(stage.crew.logs()));
    stage.strike(is_good || options.naive);
    println!("{verdict}");
    Ok(is_good)
}

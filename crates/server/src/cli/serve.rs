//! `cofferdam serve`: the workbench, until a signal ends it.

use super::{Context, address, say};
use crate::auth::throttle::Throttle;
use crate::database::Variables;
use crate::embedded::{Cluster, STATE_DATABASE};
use crate::http::{App, Parts, router};
use crate::project::Project;
use crate::runner::Runner;
use crate::state::{self, StateUrl};
use crate::store::Store;
use crate::store::session::Purpose;
use crate::workbench::Workbench;
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::api::Role;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long runs under way may take to end when the server is told to stop; then they are cancelled.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long answers under way may take then.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// How often runs whose server died are looked for.
const SWEEP: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8400")]
    listen: SocketAddr,
    #[command(flatten)]
    state: StateUrl,
    /// The address at which people reach the server, such as https://db.example.org
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

pub async fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = context.project()?;
    let variables = context.variables(&project)?;
    let public_url = args
        .public_url
        .as_deref()
        .map(|url| address::check("--public-url", url))
        .transpose()?;
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let listen = listener.local_addr()?;
    let stopping = CancellationToken::new();
    stop_on_signals(stopping.clone())?;

    let named = args.state.database(&variables)?;
    let embedded = project
        .config
        .environments
        .values()
        .any(|environment| environment.url_env.is_none());
    let cluster = if named.is_none() || embedded {
        say("starting the embedded PostgreSQL");
        Some(Cluster::start(project.folder.root(), context.pg_bin.as_deref()).await?)
    } else {
        None
    };
    let opened = async {
        let database = match (named, &cluster) {
            (Some(database), _) => database,
            (None, Some(cluster)) => cluster.database(STATE_DATABASE).await?,
            (None, None) => bail!("there is no state database"),
        };
        state::open(&database, &project).await
    };
    let store = match opened.await {
        Ok(store) => store,
        Err(error) => {
            if let Some(cluster) = cluster {
                cluster.stop().await?;
            }
            return Err(error);
        }
    };
    let server = Server {
        project,
        variables,
        store,
        listener,
        listen,
        public_url,
        stopping,
    };
    server.run(cluster).await
}

struct Server {
    project: Project,
    variables: Variables,
    store: Store,
    listener: TcpListener,
    listen: SocketAddr,
    public_url: Option<String>,
    stopping: CancellationToken,
}

impl Server {
    async fn run(self, cluster: Option<Cluster>) -> Result<ExitCode> {
        let workbench = Arc::new(Workbench::new(&self.project, self.variables, cluster));
        let runner = Runner::new(self.store.clone());
        let sweeper = tokio::spawn(sweep(self.store.clone()));
        let served = async {
            let public_url = self.public_url.as_deref();
            greet(&self.project, &self.store, self.listen, public_url).await?;
            let app = App::new(Parts {
                store: self.store.clone(),
                workbench: workbench.clone(),
                runner: runner.clone(),
                throttle: Throttle::default(),
                public_url: self.public_url.clone(),
                address: format!("http://{}", self.listen),
                stopping: self.stopping.clone(),
            });
            serve(self.listener, app, &runner, &self.stopping).await
        }
        .await;
        sweeper.abort();
        self.store.close().await;
        match Arc::try_unwrap(workbench) {
            Ok(workbench) => workbench.close().await?,
            // A connection that did not end in time still holds it; the next start takes over.
            Err(_) => say("the embedded PostgreSQL is left running: a connection is still open"),
        }
        served?;
        say("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

/// Serves until a signal comes, then ends what is under way.
async fn serve(
    listener: TcpListener,
    app: App,
    runner: &Runner,
    stopping: &CancellationToken,
) -> Result<()> {
    let router = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let stop = stopping.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    let mut server = tokio::spawn(server.into_future());
    tokio::select! {
        ended = &mut server => ended?.context("the server ended")?,
        () = stopping.cancelled() => {
            say("stopping");
            runner.finish(PATIENCE).await;
            if tokio::time::timeout(LAST_ANSWERS, &mut server).await.is_err() {
                server.abort();
                let _ = server.await;
            }
        }
    }
    Ok(())
}

/// Says where the server is, and how to get in.
async fn greet(
    project: &Project,
    store: &Store,
    listen: SocketAddr,
    public_url: Option<&str>,
) -> Result<()> {
    let address = format!("http://{listen}");
    let base = public_url.unwrap_or(&address);
    store.set_address(base).await?;
    for run in store.lose_orphans().await? {
        say(format!(
            "run {run} was under way when its server died; it counts as lost"
        ));
    }
    if !listen.ip().is_loopback() && !public_url.is_some_and(|url| url.starts_with("https://")) {
        say(
            "warning: anybody on the network can read passwords and session cookies without HTTPS: put a proxy in front and give --public-url https://…",
        );
    }
    say(format!(
        "{}: {}",
        project.config.project.name,
        project.folder.root().display()
    ));
    if listen.ip().is_loopback() {
        let admin = store.first_admin().await?;
        let link = store.new_link(&admin, Purpose::SignIn).await?;
        say(format!(
            "sign in once as {admin}, within 15 minutes: {base}/sign-in#token={}",
            link.reveal()
        ));
    } else if !store
        .accounts()
        .await?
        .iter()
        .any(|account| account.user.role == Role::Admin)
    {
        say("nobody can sign in yet: run `cofferdam user add NAME --role admin` here");
    }
    say(format!("Ready on {base}"));
    Ok(())
}

async fn sweep(store: Store) {
    loop {
        tokio::time::sleep(SWEEP).await;
        match store.lose_orphans().await {
            Ok(lost) => {
                for run in lost {
                    tracing::warn!(run, "the server of this run died; it counts as lost");
                }
            }
            Err(error) => tracing::warn!(%error, "cannot look for runs whose server died"),
        }
    }
}

/// The first signal stops the server in good order, the second at once.
fn stop_on_signals(stopping: CancellationToken) -> Result<()> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        loop {
            #[cfg(unix)]
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            #[cfg(not(unix))]
            let _ = tokio::signal::ctrl_c().await;
            if stopping.is_cancelled() {
                say("stopping at once");
                std::process::exit(1);
            }
            stopping.cancel();
        }
    });
    Ok(())
}

//! The pages over the tests' small world, for looking at: `cargo run -p web --example serve`, then
//! <http://localhost:8080>; sign in as `directeur@korenaar.example` or `karim@noorderlicht.example`.

#![allow(unreachable_pub, reason = "one binary: nothing here is seen from outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail like this")]

use std::net::SocketAddr;
use std::sync::Arc;

use facts::Text;
use web::{Login, Notice};

#[path = "../tests/it/world.rs"]
mod world;

#[tokio::main]
async fn main() {
    let mut world = world::World::new().await;
    world.decided().await;
    let base_url = "http://localhost:8080".to_owned();
    world.state.base_url = base_url.clone();
    let login = |nl, en, email: &str| Login {
        who: Text::new(nl, en),
        email: email.to_owned(),
        password: world::PASSWORD.to_owned(),
    };
    world.state.notice = Some(Notice {
        text: Text::new("Proefversie: alles hier is verzonnen.", "A trial: everything here is made up."),
        logins: vec![
            login("Directeur van de bakkerij", "Director of the bakery", "directeur@korenaar.example"),
            login("Beheerder bij de IT-dienstverlener", "Engineer at the provider", "karim@noorderlicht.example"),
            login("Stichting zonder dienstverlener", "Foundation without a provider", "ada@zwaluw.example"),
        ],
    });
    world.state.clock = Arc::new(|| world::NOW);
    let set_up = web::set_up_link(&base_url, &world.first_token);
    let router = web::router(world.state.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await.unwrap();
    #[expect(clippy::print_stdout, reason = "tells whoever looks where to look")]
    {
        println!("{base_url}\n{set_up}");
    }
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
}

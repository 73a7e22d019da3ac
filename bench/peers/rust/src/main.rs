//! routes|links, or add COUNT DEVICE GATEWAY: the crate rtnetlink, on one thread.
use futures::stream::TryStreamExt;
use rtnetlink::{new_connection, packet::rtnl::route::nlas::Nla, Handle, IpVersion};
use std::{env, mem::MaybeUninit, net::Ipv4Addr, time::Instant};

fn cpu() -> i64 {
    let mut used = MaybeUninit::<libc::rusage>::zeroed();
    let used = unsafe { libc::getrusage(libc::RUSAGE_SELF, used.as_mut_ptr()); used.assume_init() };
    (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1_000_000 + used.ru_utime.tv_usec + used.ru_stime.tv_usec
}

async fn add(handle: &Handle, count: u32, device: u32, gateway: Ipv4Addr) -> usize {
    for n in 0..count {
        let to = Ipv4Addr::from(0x0a00_0000 + n);
        let mut request = handle.route().add().v4().destination_prefix(to, 32).gateway(gateway).output_interface(device);
        request.message_mut().nlas.push(Nla::Priority(100));
        request.execute().await.unwrap();
    }
    count as usize
}

async fn work(arguments: Vec<String>) {
    let (connection, handle, _) = new_connection().unwrap();
    tokio::spawn(connection);
    let device = match arguments.get(2) {
        Some(name) => handle.link().get().match_name(name.clone()).execute().try_next().await.unwrap().unwrap().header.index,
        None => 0,
    };
    let (began, used) = (Instant::now(), cpu());
    let count = match arguments[0].as_str() {
        "add" => add(&handle, arguments[1].parse().unwrap(), device, arguments[3].parse().unwrap()).await,
        "links" => handle.link().get().execute().try_collect::<Vec<_>>().await.unwrap().len(),
        _ => handle.route().get(IpVersion::V4).execute().try_collect::<Vec<_>>().await.unwrap().len(),
    };
    println!("{{\"cpu\":{},\"wall\":{},\"count\":{}}}", cpu() - used, began.elapsed().as_micros(), count);
}

fn main() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work(env::args().skip(1).collect()));
}

// Tells the tabs in which somebody is writing that they may save again.
new BroadcastChannel("commonplace.login").postMessage("again");

package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.live.LiveFeed;
import org.springframework.context.SmartLifecycle;

/** Ends the streams of events before anything else stops: the web server waits for requests that are under way. */
final class FeedLifecycle implements SmartLifecycle {

    private final LiveFeed feed;
    private volatile boolean running;

    FeedLifecycle(LiveFeed feed) {
        this.feed = feed;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        feed.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

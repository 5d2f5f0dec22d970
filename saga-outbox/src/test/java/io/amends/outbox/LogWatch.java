package io.amends.outbox;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Gathers what this thread's test makes a logger say, from INFO on. */
public final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogWatch(Logger logger) {
        this.logger = logger;
    }

    public static LogWatch of(String name) {
        LogWatch watch = new LogWatch((Logger) LoggerFactory.getLogger(name));
        watch.start();
        watch.logger.addAppender(watch);
        return watch;
    }

    /** Level and text of each line, and what it was logged with that was thrown. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
            String thrown = event.getThrowableProxy() == null
                    ? ""
                    : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(event.getLevel() + " " + event.getFormattedMessage() + thrown);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}

package io.amends.dashboard.alerts;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where alerts are sent, and how.
 *
 * @param url an address of http or https; it may hold a token, and is not logged
 * @param secret what requests are signed with, null to sign none
 * @param timeout how long one request may take
 * @param attempts how often a request is tried before it is given up
 * @param pause how long after the first attempt the second one follows; doubles with each further one
 * @param longestPause the longest such pause
 */
public record WebhookSettings(
        URI url, @Nullable String secret, Duration timeout, int attempts, Duration pause, Duration longestPause) {

    /** Ten seconds for a request; twelve attempts, the last one about an hour after the first. */
    public static WebhookSettings of(URI url, @Nullable String secret) {
        return new WebhookSettings(
                url, secret, Duration.ofSeconds(10), 12, Duration.ofSeconds(5), Duration.ofMinutes(10));
    }

    public WebhookSettings {
        boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!isHttp || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "A webhook's address begins with http:// or https:// and has a host, such as https://alerts.example.com/amends.");
        }
        if (timeout.toMillis() < 1 || attempts < 1 || pause.toMillis() < 1 || longestPause.compareTo(pause) < 0) {
            throw new IllegalArgumentException(
                    "A webhook needs a time limit, an attempt, and pauses of at least a millisecond; got %s, %d, %s, %s."
                            .formatted(timeout, attempts, pause, longestPause));
        }
    }

    /** How long to wait after that attempt; the first one is 1. */
    Duration pauseAfter(int attempt) {
        long doubled = pause.toMillis() << Math.min(attempt - 1, 30);
        return doubled <= 0 || doubled > longestPause.toMillis() ? longestPause : Duration.ofMillis(doubled);
    }

    /** Without the address, which may hold a token, and the secret. */
    @Override
    public String toString() {
        return "WebhookSettings[%s, timeout=%s, attempts=%d]".formatted(url.getHost(), timeout, attempts);
    }
}

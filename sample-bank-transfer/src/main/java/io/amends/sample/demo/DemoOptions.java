package io.amends.sample.demo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What the demo does.
 *
 * @param transfer where the transfer role is
 * @param bankA where bank A is
 * @param bankB where bank B is
 * @param transfers how many transfers are made up
 * @param concurrency how many run at the same time
 * @param seed the made-up transfers depend on it alone
 * @param limit how long all of it may take
 * @param file transfers to read instead, null to make them up
 */
public record DemoOptions(
        URI transfer,
        URI bankA,
        URI bankB,
        int transfers,
        int concurrency,
        long seed,
        Duration limit,
        @Nullable Path file) {

    /** From the command line. */
    public static DemoOptions of(SimpleCommandLinePropertySource options) {
        String file = options.getProperty("transfers");
        return new DemoOptions(
                URI.create(text(options, "transfer.url", "http://localhost:8080")),
                URI.create(text(options, "bank-a.url", "http://localhost:8081")),
                URI.create(text(options, "bank-b.url", "http://localhost:8082")),
                Integer.parseInt(text(options, "demo.transfers", "1000")),
                Integer.parseInt(text(options, "demo.concurrency", "64")),
                Long.parseLong(text(
                        options,
                        "demo.seed",
                        Long.toString(ThreadLocalRandom.current().nextLong(1, 1_000_000)))),
                DurationStyle.detectAndParse(text(options, "demo.timeout", "5m")),
                file == null ? null : Path.of(file));
    }

    /** The same for services at other addresses. */
    public DemoOptions at(String transferUrl, String bankAUrl, String bankBUrl) {
        return new DemoOptions(
                URI.create(transferUrl),
                URI.create(bankAUrl),
                URI.create(bankBUrl),
                transfers,
                concurrency,
                seed,
                limit,
                file);
    }

    private static String text(SimpleCommandLinePropertySource options, String name, String otherwise) {
        String value = options.getProperty(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}

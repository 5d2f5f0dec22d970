package io.amends.alone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.outbox.relay.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Whatever happens to the processes, each order has each of its effects once. */
class FaultsTest {

    private static final String SHORT_LEASE = "--saga.relay.lease-time=1s";

    private final Shop shop = new Shop();
    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void close() {
        children.forEach(Process::destroyForcibly);
        shop.close();
    }

    @Test
    void messages_that_are_handed_over_again_after_a_crash_before_the_note_have_no_second_effect() {
        ConfigurableApplicationContext first = shop.start();
        await().atMost(Shop.PATIENCE)
                .until(() -> shop.count("select count(*) from saga_lane where owner is not null") == 4);
        List<Map<String, Object>> before = shop.jdbc
                .sql("select lane, published_to::text as at from saga_lane")
                .query()
                .listOfRows();
        order(first, "a", 60);
        shop.awaitQuiet();
        await().atMost(Shop.PATIENCE).until(() -> shop.effects("heard").size() == 30);
        long handedOver = first.getBean(Relay.class).stats().published();
        first.close();
        before.forEach(lane -> shop.jdbc
                .sql(
                        "update saga_lane set published_to = ?::pg_snapshot, cut_to = null, cut_position = null where lane = ?")
                .params(lane.get("at"), lane.get("lane"))
                .update());

        ConfigurableApplicationContext second = shop.start();
        await().atMost(Shop.PATIENCE)
                .until(() -> second.getBean(Relay.class).stats().published() >= handedOver);
        shop.awaitQuiet();

        assertEachOnce(60);
    }

    @Test
    void a_stop_in_the_middle_leaves_the_rest_to_the_next_start() {
        try (ConfigurableApplicationContext desk = shop.start("--saga.relay.enabled=false")) {
            order(desk, "a", 150);
            ConfigurableApplicationContext slow = shop.start("--saga.relay.chunk-size=1");
            await().atMost(Shop.PATIENCE).until(() -> !shop.effects("completed").isEmpty());
            // The first are completed when most is done; with others behind them the stop comes in the middle.
            order(desk, "b", 150);
            slow.close();
        }
        assertThat(shop.effects("completed").size()
                        + shop.effects("compensated").size())
                .isLessThan(300);

        shop.start();
        shop.awaitQuiet();

        assertEachOnce(300);
    }

    @Test
    void two_processes_share_the_lanes_and_the_one_that_is_left_takes_them_all() {
        ConfigurableApplicationContext first = shop.start(SHORT_LEASE);
        ConfigurableApplicationContext second = shop.start(SHORT_LEASE);
        await().atMost(Shop.PATIENCE)
                .until(() -> first.getBean(Relay.class).lanes() == 2
                        && second.getBean(Relay.class).lanes() == 2);
        order(first, "a", 100);
        await().atMost(Shop.PATIENCE).until(() -> shop.effects("completed").size() > 10);
        assertThat(second.getBean(Relay.class).stats().published()).isPositive();
        first.close();

        order(second, "b", 20);
        shop.awaitQuiet();

        await().atMost(Shop.PATIENCE).until(() -> second.getBean(Relay.class).lanes() == 4);
        assertEachOnce(120);
    }

    @Test
    void a_process_that_is_killed_in_the_middle_is_succeeded() throws IOException {
        ConfigurableApplicationContext desk = shop.start("--saga.relay.enabled=false");
        Process killed = child("killed");
        child("successor");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> shop.count("select count(distinct owner) from saga_lane where owner is not null") == 2);
        order(desk, "a", 200);
        await().atMost(Shop.PATIENCE).until(() -> shop.effects("paid").size() > 20);

        killed.destroyForcibly();
        order(desk, "b", 100);
        shop.awaitQuiet();

        assertThat(killed.isAlive()).isFalse();
        assertEachOnce(300);
    }

    /** Every second order is too dear. */
    private static void order(ConfigurableApplicationContext process, String prefix, int number) {
        IntStream.range(0, number).forEach(i -> Shop.order(process, prefix + i, i % 2 == 0 ? 5 : 5_000));
    }

    private void assertEachOnce(int orders) {
        await().atMost(Shop.PATIENCE).until(() -> shop.effects("heard").size() >= orders / 2);
        assertThat(shop.repeated()).isEmpty();
        assertThat(shop.effects("reserved")).hasSize(orders);
        assertThat(shop.effects("paid")).hasSize(orders / 2);
        assertThat(shop.effects("completed")).hasSize(orders / 2);
        assertThat(shop.effects("heard")).hasSize(orders / 2);
        assertThat(shop.effects("released")).hasSize(orders / 2);
        assertThat(shop.effects("compensated")).hasSize(orders / 2);
        assertThat(shop.count("select count(*) from saga_inbox_quarantine")).isZero();
        assertThat(shop.count("select count(*) from saga_parked")).isZero();
    }

    private Process child(String name) throws IOException {
        Path logs = Files.createDirectories(Path.of("target", "children"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ShopApplication.class.getName()));
        command.addAll(shop.arguments(SHORT_LEASE));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(logs.resolve(name + ".log").toFile())
                .start();
        children.add(started);
        return started;
    }
}

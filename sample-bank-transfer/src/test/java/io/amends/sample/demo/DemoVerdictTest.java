package io.amends.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo makes of services that answer what the test says. */
class DemoVerdictTest {

    private static final String ENOUGH = audit("100.00", "0.00");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicInteger audits = new AtomicInteger();
    private String status = "COMPLETED";
    private String before = ENOUGH;
    private String after = ENOUGH;
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // Both banks are asked before, and both after.
        server.createContext("/audit", request -> answer(request, 200, audits.getAndIncrement() < 2 ? before : after));
        server.createContext(
                "/transfers",
                request -> answer(
                        request, 202, """
                {"status":"%s","reason":"RETRIES_EXHAUSTED","createdAt":"2026-11-22T12:00:00Z","updatedAt":"2026-11-22T12:00:01Z"}""".formatted(request.getRequestMethod().equals("POST") ? "RUNNING" : status)));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void it_exits_with_0_if_every_transfer_ended_and_the_money_is_all_there() throws IOException {
        assertThat(run()).isZero();
        status = "COMPENSATED";
        audits.set(0);
        assertThat(run()).isZero();
    }

    @Test
    void it_exits_with_1_if_a_transfer_did_not_end() throws IOException {
        status = "STUCK";

        assertThat(run()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("NOT ALL WELL")
                .contains("is STUCK: RETRIES_EXHAUSTED");
    }

    @Test
    void it_exits_with_1_if_money_was_lost_or_made_or_is_still_held() throws IOException {
        after = audit("99.99", "0.00");
        assertThat(run()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("money was lost");

        audits.set(0);
        after = audit("100.01", "0.00");
        assertThat(run()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("money was made");

        audits.set(0);
        after = audit("100.00", "5.00");
        assertThat(run()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("funds are still held");
    }

    private int run() throws IOException {
        Path orders = folder.resolve("transfers.csv");
        Files.writeString(orders, """
                transferId,fromBank,fromAccount,toBank,toAccount,amount
                5f1d3c1e-0d5c-4c0e-9a1f-0a4b5c6d7e8f,bank-a,one,bank-b,two,1.00
                """);
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        DemoOptions options = new DemoOptions(
                URI.create(address), URI.create(address), URI.create(address), 0, 1, 1, Duration.ofSeconds(20), orders);
        return new Demo(options, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    private static String audit(String total, String held) {
        return """
                {"total":"%s","held":"%s","transit":"0.00","entries":2,"negative":0}""".formatted(total, held);
    }

    private static void answer(HttpExchange request, int status, String json) throws IOException {
        request.getRequestBody().readAllBytes();
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().set("Content-Type", "application/json");
        request.sendResponseHeaders(status, body.length);
        request.getResponseBody().write(body);
        request.close();
    }
}

package io.amends.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lab on real servers and processes: two scenarios as the command line plays them, and what its page asks for. */
class FailureLabTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Lab lab;
    private static LabServer server;

    @BeforeAll
    static void start() throws Exception {
        lab = Lab.start(1);
        server = new LabServer(lab, 0);
    }

    @AfterAll
    static void stop() {
        server.close();
        lab.close();
    }

    @Test
    void a_coordinator_that_dies_leaves_branches_in_doubt_until_it_is_back_and_no_money_is_lost() throws Exception {
        String output = play("coordinator-dies");

        assertThat(output)
                .contains("transfer died", "exit code 137", "branches are in doubt and keep their accounts locked")
                .contains("nothing is in doubt any more", "transfer is up", "start number")
                .contains("money conserved, every transfer ended");
        assertThat(lab.stage()
                        .databases()
                        .of("transfer")
                        .sql("select count(*) from two_phase_transfer where reason like 'its work was cut off%'")
                        .query(Long.class)
                        .single())
                .as("transfers that were cut off before a decision%n%s", output)
                .isPositive();
    }

    @Test
    void a_bank_that_is_stopped_delays_sagas_aborts_two_phase_commits_and_no_money_is_lost() throws Exception {
        long before = aborted();

        String output = play("bank-b-stopped");

        assertThat(output)
                .contains("bank-b died", "exit code 137", "bank-b is up", "no transfer by saga is blocked any more")
                .containsPattern("saga .* at most [1-9]\\d* blocked at once")
                .contains("money conserved, every transfer ended");
        assertThat(aborted()).as(output).isGreaterThan(before);
    }

    private static long aborted() {
        return twoPhase("ABORTED");
    }

    private static long twoPhase(String status) {
        return lab.stage()
                .databases()
                .of("transfer")
                .sql("select count(*) from two_phase_transfer where status = :status")
                .param("status", status)
                .query(Long.class)
                .single();
    }

    private static String play(String scenario) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabOptions options =
                LabOptions.of(Map.of("lab", "", "scenario", scenario, "duration", "6s", "rate", "10", "seed", "1"), 1);
        int code = new Scenario(lab, options, new PrintStream(out, true, StandardCharsets.UTF_8)).play();
        String output = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(output).isZero();
        return output;
    }

    @Test
    void the_page_starts_transfers_and_sees_them_end() throws Exception {
        long sagas = ended("saga");
        long twoPhase = ended("2pc");

        assertThat(post("/transfers", "{\"mode\":\"saga\"}").statusCode()).isEqualTo(202);
        assertThat(post("/transfers", "{\"mode\":\"2pc\"}").statusCode()).isEqualTo(202);

        await().atMost(Duration.ofSeconds(30)).until(() -> ended("saga") > sagas && ended("2pc") > twoPhase);
        JsonNode state = state();
        assertThat(state.get("lanes"))
                .extracting(lane -> lane.get("service").asString())
                .containsExactly("transfer", "bank-a", "bank-b");
        assertThat(state.get("lanes").get(0).get("owner").asString()).startsWith("transfer (process ");
        assertThat(state.get("lanes").get(0).get("epoch").asLong()).isPositive();
        assertThat(state.get("money").get("start").asString()).isEqualTo("400000.00");
        assertThat(state.get("money").get("banks")).hasSize(2);
        assertThat(state.get("processes"))
                .extracting(role -> role.get("state").asString())
                .containsExactly("UP", "UP", "UP", "DOWN");
        assertThat(state.get("faults")).hasSize(Fault.values().length);
    }

    @Test
    void the_page_breaks_something_and_mends_it() throws Exception {
        assertThat(post("/faults/bank-b-slow", "{\"on\":true}").statusCode()).isEqualTo(202);
        awaitFault("bank-b-slow", "ON");
        assertThat(delay()).isEqualTo(Faults.SLOW_MILLIS);

        assertThat(post("/faults/bank-b-slow", "{\"on\":false}").statusCode()).isEqualTo(202);
        awaitFault("bank-b-slow", "OFF");
        assertThat(delay()).isZero();
        assertThat(state().get("timeline"))
                .extracting(entry -> entry.get("text").asString())
                .contains("undone: Bank B is slow");
    }

    @Test
    void a_coordinator_that_dies_after_its_decision_comes_back_by_itself_and_the_transfer_is_committed()
            throws Exception {
        long committed = twoPhase("COMMITTED");
        long aborted = aborted();
        post("/faults/coordinator-dies", "{\"on\":true,\"afterDecision\":true,\"backAfterSeconds\":1}");
        awaitFault("coordinator-dies", "ARMED");

        post("/transfers", "{\"mode\":\"2pc\"}");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> !lab.stage().transfer().isAlive());
        awaitFault("coordinator-dies", "OFF");
        await().atMost(Duration.ofSeconds(30)).until(() -> lab.unfinished() == null);
        assertThat(twoPhase("COMMITTED")).isEqualTo(committed + 1);
        assertThat(aborted()).isEqualTo(aborted);
    }

    @Test
    void what_the_page_can_not_mean_is_refused_with_what_is_possible() throws Exception {
        assertThat(post("/faults/earthquake", "{\"on\":true}").body()).contains("choose one of bank-b-stopped");
        assertThat(post("/faults/bank-b-slow", "{}").body()).contains("on must be true or false");
        assertThat(post("/load", "{\"running\":true,\"rate\":0,\"share\":50}").body())
                .contains("rate must be a number from 1 to 200");
        assertThat(post("/transfers", "{\"mode\":\"3pc\"}").body()).contains("mode must be saga or 2pc");
        assertThat(post("/transfers", "saga").statusCode()).isEqualTo(400);
        assertThat(get("/../application.yml").statusCode()).isEqualTo(404);
    }

    @Test
    void another_site_can_neither_read_nor_change_anything() throws Exception {
        HttpRequest without = HttpRequest.newBuilder(server.uri().resolve("/transfers"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"mode\":\"saga\"}"))
                .build();
        assertThat(HTTP.send(without, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
        assertThat(rawGet("lab.example.com")).startsWith("HTTP/1.1 403");
        assertThat(rawGet("127.0.0.1:" + server.uri().getPort())).startsWith("HTTP/1.1 200");
        assertThat(get("/").headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
    }

    @Test
    void the_page_has_nothing_inline_and_nothing_from_elsewhere() throws Exception {
        assertThat(get("/").body())
                .contains("<script src=\"lab.js\" defer></script>")
                .doesNotContain("style=", "onclick", "http://", "https://");
        assertThat(get("/lab.js").body()).doesNotContain("innerHTML", "http://", "https://", "eval(");
        assertThat(get("/lab.css").body()).doesNotContain("url(", "@import");
    }

    private static long ended(String mode) throws Exception {
        for (JsonNode one : state().get("modes")) {
            if (one.get("mode").asString().equals(mode)) {
                return one.get("ended").asLong();
            }
        }
        throw new AssertionError("There is no mode " + mode);
    }

    private static void awaitFault(String id, String state) {
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            for (JsonNode fault : state().get("faults")) {
                if (fault.get("id").asString().equals(id)) {
                    return fault.get("state").asString().equals(state);
                }
            }
            return false;
        });
    }

    private static int delay() {
        return lab.stage()
                .databases()
                .of("bank-b")
                .sql("select millis from lab_delay")
                .query(Integer.class)
                .single();
    }

    private static JsonNode state() throws Exception {
        return JSON.readTree(get("/state").body());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(server.uri() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .header(LabServer.ASKED_BY_PAGE, "1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A browser that was told that this machine is lab.example.com. */
    private static String rawGet(String host) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(host)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package io.amends.twopc.http;

import io.amends.twopc.BranchState;
import io.amends.twopc.Gid;
import io.amends.twopc.ParticipantException;
import io.amends.twopc.PreparedBranch;
import io.amends.twopc.RemoteParticipant;
import io.amends.twopc.RemoteWork;
import io.amends.twopc.Vote;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A service that takes part over HTTP, see {@link TwoPhaseHttp}. What the service has said counts; when nothing came back,
 * or a server in between has answered, the outcome is unknown, never "rolled back". Safe for use by many threads.
 */
public final class HttpParticipant implements RemoteParticipant {

    private static final int LONGEST_ANSWER = 4 << 20;
    private static final int LONGEST_QUOTE = 300;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    /** Nobody has done anything after these: the request, the secret or the address is wrong. */
    private static final Set<Integer> NOT_TAKEN = Set.of(400, UNAUTHORIZED, 403, NOT_FOUND, 413);

    private final String name;
    private final URI service;
    private final String secret;
    private final HttpClient client;

    /**
     * @param name of its branches, a part of their {@link Gid}
     * @param service address of the service, such as {@code http://bank-b:8082}; the endpoint is below it
     * @param secret of the service's endpoint
     * @param client its connect timeout is the time after which the service counts as away; calls have limits of their own
     * @throws IllegalArgumentException if the address is not one of http or https
     */
    public HttpParticipant(String name, URI service, String secret, HttpClient client) {
        if (!("http".equals(service.getScheme()) || "https".equals(service.getScheme())) || service.getHost() == null) {
            throw new IllegalArgumentException(
                    "The address of participant %s is %s, but must be one of http or https with a host"
                            .formatted(name, service));
        }
        this.name = name;
        this.service = service;
        this.secret = secret;
        this.client = client;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Vote prepare(Gid gid, RemoteWork work, Duration limit) {
        // The service gives up a little earlier, so that its own words arrive.
        Duration theirs = limit.multipliedBy(9).dividedBy(10);
        try {
            HttpRequest request = request("/" + gid.text() + "/prepare", theirs)
                    .header(Wire.CONTENT_TYPE, work.contentType())
                    .POST(BodyPublishers.ofByteArray(work.body()))
                    .build();
            return vote(send(request, limit));
        } catch (IllegalArgumentException unsendable) {
            return new Vote.Refused("the content type can't be sent", unsendable, false);
        } catch (ConnectException | HttpConnectTimeoutException away) {
            return new Vote.Refused("%s can't be reached".formatted(address()), away, false);
        } catch (IOException lost) {
            return new Vote.Unknown("no answer from %s: %s".formatted(address(), lost), lost);
        }
    }

    private Vote vote(HttpResponse<String> answer) {
        String outcome = answer.headers().firstValue(Wire.OUTCOME).orElse("");
        return switch (outcome) {
            case Wire.PREPARED ->
                new Vote.Prepared(answer.headers().firstValue(Wire.XID).orElse(null));
            case Wire.READ_ONLY -> new Vote.ReadOnly();
            case Wire.REFUSED -> new Vote.Refused(answer.body(), null, false);
            case Wire.AGAIN -> new Vote.Refused(answer.body(), null, true);
            default ->
                NOT_TAKEN.contains(answer.statusCode())
                        ? new Vote.Refused(said(answer), null, false)
                        : new Vote.Unknown(said(answer), null);
        };
    }

    @Override
    public BranchState commit(Gid gid, @Nullable String xid, Duration limit) {
        return settle(gid, "commit", xid, limit);
    }

    @Override
    public BranchState rollback(Gid gid, @Nullable String xid, Duration limit) {
        return settle(gid, "rollback", xid, limit);
    }

    private BranchState settle(Gid gid, String verb, @Nullable String xid, Duration limit) {
        String what = "%s of %s".formatted(verb, gid);
        String parameter = xid == null ? "" : "?xid=" + URLEncoder.encode(xid, StandardCharsets.UTF_8);
        HttpRequest request = request("/" + gid.text() + "/" + verb + parameter, limit)
                .POST(BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = answer(what, request, limit);
        BranchState state = Wire.state(answer.headers().firstValue(Wire.OUTCOME).orElse(null));
        if (state == null) {
            throw new ParticipantException(name, what, new IOException(said(answer)));
        }
        return state;
    }

    @Override
    public List<PreparedBranch> listInDoubt(String prefix, Duration limit) {
        String what = "the list of what is in doubt";
        String text = text(what, inDoubt(prefix, limit), limit);
        try {
            return Wire.prepared(text);
        } catch (IllegalArgumentException garbled) {
            throw new ParticipantException(name, what, garbled);
        }
    }

    @Override
    public Map<String, BranchState> states(Collection<String> xids, Duration limit) {
        if (xids.isEmpty()) {
            return Map.of();
        }
        String what = "the states of %d transactions".formatted(xids.size());
        HttpRequest request = request("/states", limit)
                .header(Wire.CONTENT_TYPE, Wire.TEXT)
                .POST(BodyPublishers.ofString(String.join("\n", xids)))
                .build();
        String text = text(what, request, limit);
        try {
            Map<String, BranchState> told = Wire.states(text);
            Map<String, BranchState> states = new HashMap<>();
            xids.forEach(xid -> states.put(xid, told.getOrDefault(xid, BranchState.UNKNOWN)));
            return states;
        } catch (IllegalArgumentException garbled) {
            throw new ParticipantException(name, what, garbled);
        }
    }

    /** Whether the endpoint is there and knows the secret. What its database must be like it has checked itself. */
    @Override
    public List<String> problems(String prefix, int concurrency, Duration limit) {
        HttpRequest request = inDoubt(prefix, limit);
        HttpResponse<String> answer = answer("a look at its endpoint", request, limit);
        return switch (answer.statusCode()) {
            case UNAUTHORIZED ->
                List.of(
                        "Participant %s (%s): the endpoint refuses the secret. Set the one that the service has as saga.twopc.endpoint.secret."
                                .formatted(name, address()));
            case NOT_FOUND ->
                List.of(
                        "Participant %s (%s): no endpoint is there. The service needs a bean of type TwoPhaseWork and saga.twopc.endpoint.secret; or the address is another one."
                                .formatted(name, address()));
            default -> List.of();
        };
    }

    private HttpRequest inDoubt(String prefix, Duration limit) {
        return request("/in-doubt?prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8), limit)
                .GET()
                .build();
    }

    @Override
    public String place() {
        return "the database of the service at " + address();
    }

    private String address() {
        // Without user, password and parameters, should somebody have put them there.
        return "%s://%s%s%s"
                .formatted(
                        service.getScheme(),
                        service.getHost(),
                        service.getPort() < 0 ? "" : ":" + service.getPort(),
                        path());
    }

    private String path() {
        String path = service.getRawPath() == null ? "" : service.getRawPath();
        return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + Wire.PATH;
    }

    private HttpRequest.Builder request(String below, Duration limit) {
        return HttpRequest.newBuilder(service.resolve(path() + below))
                .version(HttpClient.Version.HTTP_1_1)
                .header(TwoPhaseHttp.TIMEOUT_HEADER, Long.toString(Math.max(1, limit.toMillis())))
                .header(Wire.AUTHORIZATION, Wire.BEARER + secret);
    }

    private String text(String what, HttpRequest request, Duration limit) {
        HttpResponse<String> answer = answer(what, request, limit);
        if (answer.statusCode() != OK) {
            throw new ParticipantException(name, what, new IOException(said(answer)));
        }
        return answer.body();
    }

    private HttpResponse<String> answer(String what, HttpRequest request, Duration limit) {
        try {
            return send(request, limit);
        } catch (IOException lost) {
            throw new ParticipantException(name, what, lost);
        }
    }

    /** The limit counts until the last byte; the client's own ends with the headers. */
    private HttpResponse<String> send(HttpRequest request, Duration limit) throws IOException {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, head -> new BoundedText(LONGEST_ANSWER));
        try {
            return answer.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new IOException("no answer within %d ms".formatted(limit.toMillis()), late);
        } catch (InterruptedException ending) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("the wait for the answer was interrupted", ending);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException io ? io : new IOException(failed.getCause());
        }
    }

    private String said(HttpResponse<String> answer) {
        String text = answer.body();
        return "%s answered %d: %s"
                .formatted(
                        address(),
                        answer.statusCode(),
                        text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE));
    }
}

package io.amends.twopc.http;

import io.amends.twopc.BranchState;
import io.amends.twopc.RemoteWork;
import io.amends.twopc.TwoPhaseEndpoint;
import io.amends.twopc.Vote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link TwoPhaseEndpoint} in terms of HTTP, for any server: a handler passes on what it read and writes what it gets back.
 * Who does not know the secret gets 401 and learns nothing else. Safe for use by many threads.
 *
 * <p>{@code POST /twopc/{gid}/prepare}, {@code POST /twopc/{gid}/commit}, {@code POST /twopc/{gid}/rollback},
 * {@code GET /twopc/in-doubt}, {@code POST /twopc/states}.
 */
public final class TwoPhaseHttp {

    /** Shortest secret, in characters. */
    public static final int SHORTEST_SECRET = 16;

    /** Longest body of a request to prepare, in bytes. */
    public static final int LONGEST_BODY = 1 << 20;

    /** The header that says how long the coordinator waits, in milliseconds. */
    public static final String TIMEOUT_HEADER = "Twopc-Timeout-Millis";

    private static final Logger log = LoggerFactory.getLogger(TwoPhaseHttp.class);
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;

    private final TwoPhaseEndpoint endpoint;
    private final byte[] secret;

    /**
     * What is to be sent back.
     *
     * @param status of HTTP
     * @param headers names and values
     * @param body text in UTF-8
     */
    public record Answer(int status, Map<String, String> headers, String body) {

        /** Copies the headers. */
        public Answer {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * With the secret that coordinators must send as bearer token.
     *
     * @throws IllegalArgumentException if the secret is shorter than {@value #SHORTEST_SECRET} characters
     */
    public TwoPhaseHttp(TwoPhaseEndpoint endpoint, String secret) {
        if (secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "The secret has %d characters, but must have at least %d: whoever knows it may write to this database"
                            .formatted(secret.length(), SHORTEST_SECRET));
        }
        this.endpoint = endpoint;
        this.secret = digest(secret);
    }

    /**
     * {@code POST /twopc/{gid}/prepare}.
     *
     * @param authorization the header {@code Authorization}
     * @param timeoutMillis the header {@code Twopc-Timeout-Millis}, how long it may take
     * @param contentType the header {@code Content-Type}
     * @param body read if the rest is in order, but not closed
     */
    public Answer prepare(
            @Nullable String authorization,
            String gid,
            @Nullable String timeoutMillis,
            @Nullable String contentType,
            InputStream body) {
        return answer(authorization, () -> {
            Duration limit = limit(timeoutMillis);
            byte[] bytes = body.readNBytes(LONGEST_BODY + 1);
            if (bytes.length > LONGEST_BODY) {
                return text(TOO_LARGE, "The body is larger than %d bytes.".formatted(LONGEST_BODY));
            }
            String type = contentType == null ? "application/octet-stream" : contentType;
            return vote(endpoint.prepare(gid, new RemoteWork(bytes, type), limit));
        });
    }

    private static Answer vote(Vote vote) {
        if (vote instanceof Vote.Prepared prepared) {
            return prepared.xid() == null
                    ? outcome(OK, Wire.PREPARED, "")
                    : new Answer(
                            OK,
                            Map.of(
                                    Wire.OUTCOME, Wire.PREPARED,
                                    Wire.XID, prepared.xid(),
                                    Wire.CONTENT_TYPE, Wire.TEXT),
                            "");
        }
        if (vote instanceof Vote.Refused refused) {
            return outcome(CONFLICT, refused.again() ? Wire.AGAIN : Wire.REFUSED, refused.reason());
        }
        if (vote instanceof Vote.Unknown unknown) {
            return outcome(UNAVAILABLE, Wire.UNKNOWN, unknown.reason());
        }
        return outcome(OK, Wire.READ_ONLY, "");
    }

    /**
     * {@code POST /twopc/{gid}/commit?xid=}.
     *
     * @param authorization the header {@code Authorization}
     * @param timeoutMillis the header {@code Twopc-Timeout-Millis}, how long it may take
     * @param xid the parameter, as the answer to prepare told it in {@code Twopc-Xid}
     */
    public Answer commit(
            @Nullable String authorization, String gid, @Nullable String timeoutMillis, @Nullable String xid) {
        return answer(
                authorization,
                () -> state(endpoint.commit(gid, number(xid), limit(timeoutMillis)), BranchState.COMMITTED));
    }

    /**
     * {@code POST /twopc/{gid}/rollback?xid=}.
     *
     * @param authorization the header {@code Authorization}
     * @param timeoutMillis the header {@code Twopc-Timeout-Millis}, how long it may take
     * @param xid the parameter, as the answer to prepare told it in {@code Twopc-Xid}
     */
    public Answer rollback(
            @Nullable String authorization, String gid, @Nullable String timeoutMillis, @Nullable String xid) {
        return answer(
                authorization,
                () -> state(endpoint.rollback(gid, number(xid), limit(timeoutMillis)), BranchState.ROLLED_BACK));
    }

    private static Answer state(BranchState state, BranchState wanted) {
        int status = state == wanted
                ? OK
                : switch (state) {
                    case UNSETTLED -> UNAVAILABLE;
                    case UNKNOWN -> NOT_FOUND;
                    case COMMITTED, ROLLED_BACK -> CONFLICT;
                };
        return outcome(status, state.name(), "");
    }

    /**
     * {@code GET /twopc/in-doubt?prefix=}.
     *
     * @param authorization the header {@code Authorization}
     * @param timeoutMillis the header {@code Twopc-Timeout-Millis}, how long it may take
     * @param prefix the parameter, which begins with {@code amends:}
     */
    public Answer inDoubt(@Nullable String authorization, @Nullable String timeoutMillis, @Nullable String prefix) {
        return answer(
                authorization,
                () -> text(OK, Wire.prepared(endpoint.inDoubt(prefix == null ? "" : prefix, limit(timeoutMillis)))));
    }

    /**
     * {@code POST /twopc/states}.
     *
     * @param authorization the header {@code Authorization}
     * @param timeoutMillis the header {@code Twopc-Timeout-Millis}, how long it may take
     * @param body numbers of transactions, one a line; read if the rest is in order, but not closed
     */
    public Answer states(@Nullable String authorization, @Nullable String timeoutMillis, InputStream body) {
        return answer(authorization, () -> {
            byte[] bytes = body.readNBytes(LONGEST_BODY + 1);
            if (bytes.length > LONGEST_BODY) {
                return text(TOO_LARGE, "The body is larger than %d bytes.".formatted(LONGEST_BODY));
            }
            List<String> xids =
                    new String(bytes, StandardCharsets.US_ASCII).lines().toList();
            return text(OK, Wire.states(endpoint.states(xids, limit(timeoutMillis))));
        });
    }

    private static Duration limit(@Nullable String millis) {
        return Duration.ofMillis(millis == null ? Integer.MAX_VALUE : Wire.number(millis));
    }

    private static @Nullable String number(@Nullable String xid) {
        return xid == null ? null : Long.toString(Wire.number(xid));
    }

    @FunctionalInterface
    private interface Verb {
        Answer run() throws IOException;
    }

    private Answer answer(@Nullable String authorization, Verb verb) {
        if (!isKnown(authorization)) {
            return text(
                    UNAUTHORIZED,
                    "The bearer token is not the secret of this endpoint. Set the same one at both services.");
        }
        try {
            return verb.run();
        } catch (IllegalArgumentException wrong) {
            return text(BAD_REQUEST, String.valueOf(wrong.getMessage()));
        } catch (IOException | RuntimeException trouble) {
            // No outcome: the coordinator takes it as unknown. The message stays here, since it may quote rows.
            log.warn("A call of a coordinator can't be answered", trouble);
            return text(
                    UNAVAILABLE,
                    "%s at the service, whose log has more."
                            .formatted(trouble.getClass().getSimpleName()));
        }
    }

    private boolean isKnown(@Nullable String authorization) {
        return authorization != null
                && authorization.startsWith(Wire.BEARER)
                && MessageDigest.isEqual(secret, digest(authorization.substring(Wire.BEARER.length())));
    }

    /** Of the same length for all, so that comparing takes the same time for all. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256", impossible);
        }
    }

    private static Answer outcome(int status, String outcome, String reason) {
        return new Answer(status, Map.of(Wire.OUTCOME, outcome, Wire.CONTENT_TYPE, Wire.TEXT), reason);
    }

    private static Answer text(int status, String text) {
        return new Answer(status, Map.of(Wire.CONTENT_TYPE, Wire.TEXT), text);
    }
}

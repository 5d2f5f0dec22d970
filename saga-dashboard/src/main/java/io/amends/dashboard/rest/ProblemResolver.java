package io.amends.dashboard.rest;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.dashboard.bulk.BulkRefusedException;
import io.amends.dashboard.database.ReadTooSlowException;
import io.amends.dashboard.gate.Problem;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;
import io.amends.dashboard.search.BadFilterException;
import io.amends.dashboard.verbs.RequestRefusedException;
import io.amends.outbox.failure.ErrorText;
import io.amends.outbox.failure.Infrastructure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestValueException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns what a route throws into an answer that says what to do; what nobody expected is logged, and told by a number. */
final class ProblemResolver implements HandlerExceptionResolver {

    private static final Logger log = LoggerFactory.getLogger(ProblemResolver.class);
    private static final int FRAMES = 15;

    private final Masking masking;

    ProblemResolver(Masking masking) {
        this.masking = masking;
    }

    @Override
    public ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception thrown) {
        if (DisconnectedClientHelper.isClientDisconnectedException(thrown)) {
            // A page that listened was closed: nobody is left to be told.
            return new ModelAndView();
        }
        Problem problem = problem(thrown);
        if (response.isCommitted()) {
            return brokenOff(response, problem);
        }
        try {
            String detail =
                    masking.text(problem.detail().in(Language.of(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE))));
            new Problem(problem.status(), problem.code(), Sentence.verbatim(detail), problem.more())
                    .send(request, response);
        } catch (IOException gone) {
            throw new UncheckedIOException("The caller is gone", gone);
        }
        return new ModelAndView();
    }

    /**
     * The answer has begun, and can't tell any more what is wrong. Whoever reads it must not take the part for the whole, so
     * that the server is made to cut the connection. A stream of events just ends: its reader begins another one.
     */
    private static ModelAndView brokenOff(HttpServletResponse response, Problem problem) {
        String type = response.getContentType();
        if (type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE)) {
            return new ModelAndView();
        }
        // Without what was thrown: the server logs it, and its text may quote somebody's data.
        throw new IllegalStateException(
                "An answer of the console broke off in the middle, and its connection is cut (%d %s)."
                        .formatted(problem.status(), problem.code()));
    }

    private Problem problem(Exception thrown) {
        if (thrown instanceof ConsoleProblem known) {
            return known.problem();
        }
        if (thrown instanceof BadFilterException bad) {
            return new Problem(
                    400,
                    "BAD_FILTER",
                    Sentence.of("The filter can't be understood: %s", bad.told()),
                    Map.of("problems", bad.problems()));
        }
        if (thrown instanceof KeyReusedException reused) {
            return new Problem(422, "KEY_REUSED", text(reused));
        }
        if (thrown instanceof RequestRefusedException || thrown instanceof BulkRefusedException) {
            return new Problem(409, "NOT_POSSIBLE", text(thrown));
        }
        if (thrown instanceof ReadTooSlowException) {
            return new Problem(503, "TOO_SLOW", text(thrown));
        }
        if (thrown instanceof PessimisticLockingFailureException) {
            return new Problem(
                    503,
                    "LOCKED",
                    Sentence.of(
                            "Somebody else is at work on it, and did not finish in time. Nothing was done. Order it again."));
        }
        Problem wrong = wrongRequest(thrown);
        if (wrong != null) {
            return wrong;
        }
        if (thrown instanceof RuntimeException failure && Infrastructure.isAway(failure)) {
            log.warn("The console can't reach the database: {}", ErrorText.of(failure));
            return new Problem(
                    503,
                    "DATABASE_AWAY",
                    Sentence.of(
                            "The database does not answer. If something was ordered, look whether it was done before ordering it again."));
        }
        UUID number = UUID.randomUUID();
        // Not the exception itself, whose text may quote somebody's data.
        log.error(
                "A request of the console ended unexpectedly ({}): {}; {}",
                number,
                masking.text(ErrorText.of(thrown)),
                Stream.of(thrown.getStackTrace())
                        .limit(FRAMES)
                        .map(String::valueOf)
                        .collect(Collectors.joining(" < ")));
        return new Problem(
                500,
                "UNEXPECTED",
                Sentence.of(
                        "Something went wrong that nobody expected. The log of this process says more under %s.",
                        number));
    }

    /** Null if it is something else. */
    private static @Nullable Problem wrongRequest(Exception thrown) {
        if (thrown instanceof MethodArgumentTypeMismatchException mismatch) {
            return new Problem(
                    400,
                    "BAD_REQUEST",
                    Sentence.of("'%s' is no %s.", mismatch.getName(), name(mismatch.getRequiredType())));
        }
        if (thrown instanceof TypeMismatchException mismatch) {
            return new Problem(
                    400, "BAD_REQUEST", Sentence.of("A parameter is no %s.", name(mismatch.getRequiredType())));
        }
        if (thrown instanceof HttpMessageNotReadableException) {
            return new Problem(
                    400,
                    "BAD_REQUEST",
                    Sentence.of(
                            "The body can't be read: it must be a JSON object with the members that openapi.json names, and no others."));
        }
        if (thrown instanceof MissingRequestValueException || thrown instanceof IllegalArgumentException) {
            return new Problem(400, "BAD_REQUEST", text(thrown));
        }
        if (thrown instanceof NoHandlerFoundException) {
            return new Problem(
                    404,
                    "NOT_FOUND",
                    Sentence.of("There is nothing here. The routes are told in api/v1/openapi.json."));
        }
        if (thrown instanceof HttpRequestMethodNotSupportedException method) {
            return new Problem(405, "METHOD", Sentence.of("%s is not possible here.", method.getMethod()));
        }
        return thrown instanceof HttpMediaTypeException
                ? new Problem(
                        415,
                        "MEDIA_TYPE",
                        Sentence.of("The body must be application/json, and the answer is no other than that."))
                : null;
    }

    private static Sentence name(@Nullable Class<?> type) {
        if (type == null) {
            return Sentence.of("value of that kind");
        }
        if (type == UUID.class) {
            return Sentence.of("id such as %s", "0198c5a0-1111-7000-8000-0123456789ab");
        }
        if (type == Instant.class) {
            return Sentence.of("time such as %s", "2026-01-31T12:00:00Z");
        }
        if (type.isEnum()) {
            return Sentence.of("value out of %s", List.of(type.getEnumConstants()));
        }
        return type == Integer.class || type == int.class || type == Long.class || type == long.class
                ? Sentence.of("number")
                : Sentence.of("value of that kind");
    }

    private static Sentence text(Exception thrown) {
        return thrown instanceof Told known ? known.told() : Sentence.verbatim(String.valueOf(thrown.getMessage()));
    }
}

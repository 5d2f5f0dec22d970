package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.access.Rights;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.refresh.SharedReads;
import io.amends.dashboard.tenants.TenantScope;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * Calls routes. One that is {@link Shared} is called once for all who take an answer that others were given: those who see the
 * same. Whether somebody may call it is checked before, for each of them.
 */
final class SharingAdapter extends RequestMappingHandlerAdapter {

    /** No more than nine digits, so that it is a number. */
    private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[,\\s])max-age=(\\d{1,9})(?=$|[,\\s])");

    private final SharedReads shared;

    SharingAdapter(SharedReads shared) {
        this.shared = shared;
    }

    @Override
    protected ServletInvocableHandlerMethod createInvocableHandlerMethod(HandlerMethod route) {
        return route.hasMethodAnnotation(Shared.class)
                ? new SharedRoute(route, shared)
                : super.createInvocableHandlerMethod(route);
    }

    /** Whether answers of that route follow from what can be compared: its parameters, and what a caller sees. */
    static boolean canShare(HandlerMethod route) {
        return Stream.of(route.getMethodParameters())
                .allMatch(parameter -> parameter.getParameterType() == Caller.class
                        || parameter.getParameterType() == Language.class
                        || parameter.hasParameterAnnotation(RequestParam.class)
                        || parameter.hasParameterAnnotation(PathVariable.class));
    }

    /** How old an answer may be, empty for one that nobody was given before. */
    static Optional<Duration> oldest(@Nullable String cacheControl) {
        Matcher found = MAX_AGE.matcher(cacheControl == null ? "" : cacheControl);
        return found.find() ? Optional.of(Duration.ofSeconds(Long.parseLong(found.group(1)))) : Optional.empty();
    }

    /**
     * What is asked; equal for those only who are to be told the same.
     *
     * @param controller whose route it is, since several may have the route of a class that they extend
     * @param arguments the request's parameters, and what there is of a caller that answers depend on
     */
    private record Question(Object controller, Method route, List<Optional<Object>> arguments) {}

    /** What somebody sees and may do, whoever it is. */
    record Sight(
            Set<ConsoleRole> roles, Rights rights, @Nullable String attribute, List<String> tenants) {

        static Sight of(Caller caller) {
            TenantScope scope = caller.scope();
            return new Sight(caller.roles(), caller.rights(), scope.attribute(), scope.tenants());
        }
    }

    /** For one request. */
    private static final class SharedRoute extends ServletInvocableHandlerMethod {

        private final SharedReads shared;
        private @Nullable NativeWebRequest request;

        SharedRoute(HandlerMethod route, SharedReads shared) {
            super(route);
            this.shared = shared;
        }

        @Override
        public @Nullable Object invokeForRequest(
                NativeWebRequest asked, @Nullable ModelAndViewContainer container, @Nullable Object... provided)
                throws Exception {
            request = asked;
            return super.invokeForRequest(asked, container, provided);
        }

        @Override
        protected @Nullable Object doInvoke(@Nullable Object... arguments) throws Exception {
            NativeWebRequest asked = Objects.requireNonNull(request);
            Duration oldest = oldest(asked.getHeader(HttpHeaders.CACHE_CONTROL)).orElse(null);
            if (oldest == null) {
                return super.doInvoke(arguments);
            }
            SharedReads.Answer answer;
            try {
                answer = shared.read(question(arguments), oldest, () -> super.doInvoke(arguments));
            } catch (TimeoutException busy) {
                throw new ConsoleProblem(
                        503,
                        "TOO_SLOW",
                        Sentence.of(
                                "Others asked the same, and the database has not answered them yet. Look at what else keeps the database busy."));
            }
            HttpServletResponse response = asked.getNativeResponse(HttpServletResponse.class);
            Objects.requireNonNull(response)
                    .setHeader(HttpHeaders.AGE, String.valueOf(answer.age().toSeconds()));
            return answer.value();
        }

        private Question question(@Nullable Object... arguments) {
            return new Question(
                    getBean(),
                    getMethod(),
                    Stream.of(arguments)
                            .map(argument -> Optional.<Object>ofNullable(
                                    argument instanceof Caller caller ? Sight.of(caller) : argument))
                            .toList());
        }
    }
}

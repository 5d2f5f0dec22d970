package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.gate.Callers;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.refresh.SharedReads;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.format.datetime.standard.DateTimeFormatterRegistrar;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.bind.support.ConfigurableWebBindingInitializer;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * The console's own part of the web: a servlet for its path that knows its routes alone. The application's converters,
 * advice, interceptors and error pages have no part in it.
 */
public final class ConsoleServlet implements AutoCloseable {

    private final GenericWebApplicationContext context = new GenericWebApplicationContext();
    private final ConsoleRoutes routes = new ConsoleRoutes();
    private final DispatcherServlet servlet;

    /**
     * @param controllers all routes
     * @param callers knows who calls
     * @param masking what nobody sees without asking
     * @param readOnly whether nobody can change anything
     * @param shared reads once what many pages ask
     * @throws IllegalStateException if a route does not say whom it is for
     */
    public ConsoleServlet(
            List<? extends ConsoleController> controllers,
            Callers callers,
            Masking masking,
            boolean readOnly,
            SharedReads shared) {
        context.setDisplayName("Amends console");
        routes.setInterceptors(new AccessCheck(callers, readOnly));
        context.registerBean(DispatcherServlet.HANDLER_MAPPING_BEAN_NAME, ConsoleRoutes.class, () -> routes);
        context.registerBean(
                DispatcherServlet.HANDLER_ADAPTER_BEAN_NAME,
                RequestMappingHandlerAdapter.class,
                () -> adapter(masking, shared));
        context.registerBean(
                DispatcherServlet.HANDLER_EXCEPTION_RESOLVER_BEAN_NAME,
                ProblemResolver.class,
                () -> new ProblemResolver(masking));
        context.refresh();
        routes.add(controllers);
        servlet = new DispatcherServlet(context);
        servlet.setDetectAllHandlerMappings(false);
        servlet.setDetectAllHandlerAdapters(false);
        servlet.setDetectAllHandlerExceptionResolvers(false);
        servlet.setPublishEvents(false);
    }

    private static RequestMappingHandlerAdapter adapter(Masking masking, SharedReads shared) {
        DefaultFormattingConversionService conversions = new DefaultFormattingConversionService();
        DateTimeFormatterRegistrar times = new DateTimeFormatterRegistrar();
        times.setUseIsoFormat(true);
        times.registerFormatters(conversions);
        ConfigurableWebBindingInitializer binding = new ConfigurableWebBindingInitializer();
        binding.setConversionService(conversions);
        RequestMappingHandlerAdapter adapter = new SharingAdapter(shared);
        adapter.setWebBindingInitializer(binding);
        adapter.setCustomArgumentResolvers(List.of(new CallerParameter(), new LanguageParameter()));
        adapter.setMessageConverters(List.of(
                new ByteArrayHttpMessageConverter(),
                new StringHttpMessageConverter(StandardCharsets.UTF_8),
                new JacksonJsonHttpMessageConverter(ConsoleJson.mapper(masking))));
        return adapter;
    }

    /** The servlet, for the console's path and all below. */
    public DispatcherServlet servlet() {
        return servlet;
    }

    /** What it knows. */
    public ConsoleRoutes routes() {
        return routes;
    }

    @Override
    public void close() {
        context.close();
    }

    /** Who calls, for routes that want to know. */
    private static final class CallerParameter implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binder) {
            return Objects.requireNonNull(request.getAttribute(AccessCheck.CALLER, NativeWebRequest.SCOPE_REQUEST));
        }
    }

    /** What the caller is told in, for routes that tell something in words. */
    private static final class LanguageParameter implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Language.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binder) {
            return Language.of(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
        }
    }
}

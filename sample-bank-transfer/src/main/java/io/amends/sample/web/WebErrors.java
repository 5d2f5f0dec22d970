package io.amends.sample.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns what goes wrong into problem documents, and refuses bodies that are too large. */
@Configuration(proxyBeanMethods = false)
public class WebErrors {

    private static final int MOST_BYTES = 16 * 1024;

    @Bean
    Advice problemAdvice() {
        return new Advice();
    }

    @Bean
    BodyLimit bodyLimit() {
        return new BodyLimit();
    }

    /** One method an error. */
    @RestControllerAdvice
    static class Advice extends ResponseEntityExceptionHandler {

        @ExceptionHandler
        ProblemDetail badInput(BadInputException thrown) {
            ProblemDetail problem = problem(HttpStatus.BAD_REQUEST, "Bad input", thrown.getMessage());
            problem.setProperty("field", thrown.field());
            return problem;
        }

        @ExceptionHandler
        ProblemDetail notFound(NotFoundException thrown) {
            return problem(HttpStatus.NOT_FOUND, "Not found", thrown.getMessage());
        }

        @ExceptionHandler
        ProblemDetail conflict(ConflictException thrown) {
            return problem(HttpStatus.CONFLICT, "Conflict", thrown.getMessage());
        }

        @ExceptionHandler({DataAccessException.class, TransactionException.class})
        ProblemDetail away(RuntimeException thrown) {
            logger.warn(
                    "A request found the database away: " + thrown.getClass().getSimpleName());
            return problem(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Database unavailable",
                    "The database can't be reached right now. The same request may be sent again.");
        }

        @Override
        protected ResponseEntity<Object> handleHttpMessageNotReadable(
                HttpMessageNotReadableException thrown,
                HttpHeaders headers,
                HttpStatusCode status,
                WebRequest request) {
            return ResponseEntity.badRequest()
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(badInput(new BadInputException("body", "The request has no readable body.")));
        }

        private static ProblemDetail problem(HttpStatus status, String title, @Nullable String detail) {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, String.valueOf(detail));
            problem.setTitle(title);
            return problem;
        }
    }

    /** Reads a body up to the limit and no further. */
    static class BodyLimit extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (!request.getMethod().equals("POST")) {
                chain.doFilter(request, response);
                return;
            }
            byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                response.setStatus(HttpStatus.BAD_REQUEST.value());
                response.setContentType("application/problem+json");
                response.getWriter().write("""
                                {"type":"about:blank","title":"Bad input","status":400,"detail":"The body may have at most %d bytes.","field":"body"}""".formatted(MOST_BYTES));
                return;
            }
            chain.doFilter(new Buffered(request, body), response);
        }
    }

    /** A request whose body was read already. */
    private static final class Buffered extends HttpServletRequestWrapper {

        private final byte[] body;

        Buffered(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            ByteArrayInputStream in = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public int read() {
                    return in.read();
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    return in.read(into, offset, length);
                }

                @Override
                public boolean isFinished() {
                    return in.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new IllegalStateException("The body was read already; read it without a listener.");
                }
            };
        }
    }
}

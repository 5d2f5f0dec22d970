package io.amends.saga.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in an application's code an exception came from: a line for each frame, such as {@code com.shop.Till.charge:42}, the
 * innermost first, and four at most. Classes and methods alone, never an exception's words; frames of the JDK, of frameworks and of
 * this library are left out, and so is all code that called a saga or a handler. Nothing decides by it.
 */
public final class Frames {

    private static final int MOST = 4;
    private static final int LONGEST = 200;
    private static final int MOST_CAUSES = 5;

    /** Who calls an application's code; what stands below it has nothing to do with what that code did. */
    private static final List<String> OURS = List.of(
            "io.amends.outbox.",
            "io.amends.runtime.",
            "io.amends.saga.",
            "io.amends.spring.",
            "io.amends.test.",
            "io.amends.twopc.");

    private static final List<String> OTHERS = List.of(
            "ch.qos.logback.",
            "com.fasterxml.jackson.",
            "com.sun.",
            "com.zaxxer.hikari.",
            "groovy.",
            "io.micrometer.",
            "io.netty.",
            "io.opentelemetry.",
            "jakarta.",
            "java.",
            "javax.",
            "jdk.",
            "kotlin.",
            "kotlinx.",
            "net.bytebuddy.",
            "org.aopalliance.",
            "org.apache.",
            "org.aspectj.",
            "org.codehaus.groovy.",
            "org.eclipse.persistence.",
            "org.flywaydb.",
            "org.hibernate.",
            "org.jooq.",
            "org.junit.",
            "org.postgresql.",
            "org.slf4j.",
            "org.springframework.",
            "reactor.",
            "scala.",
            "sun.",
            "tools.jackson.");

    /** A class, a point and a method, and a line where it is known; what a name of Java, Kotlin or Scala may have, but no blank. */
    private static final Pattern FRAME = Pattern.compile("[\\p{L}\\p{N}_$.<>-]{1,200}(:[0-9]{1,7})?");

    private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^\\p{L}\\p{N}_$.<>-]");

    private Frames() {}

    /**
     * Of an exception, or else of the first of its causes that has any.
     *
     * @return null if the application's code is nowhere in it
     */
    public static @Nullable String of(Throwable thrown) {
        @Nullable Throwable one = thrown;
        for (int i = 0; one != null && i < MOST_CAUSES; i++) {
            List<String> frames = of(one.getStackTrace());
            if (!frames.isEmpty()) {
                return String.join("\n", frames);
            }
            one = one.getCause();
        }
        return null;
    }

    /**
     * What is kept of frames that somebody else tells, whoever that is: what looks like a frame, and four at most.
     *
     * @return null for nothing
     */
    public static @Nullable String told(String text) {
        // Cut before it is searched, so that a long text costs nothing.
        String start = text.length() <= MOST * (LONGEST + 10) ? text : text.substring(0, MOST * (LONGEST + 10));
        List<String> frames = start.lines()
                .filter(line -> line.indexOf('.') > 0 && FRAME.matcher(line).matches())
                .limit(MOST)
                .toList();
        return frames.isEmpty() ? null : String.join("\n", frames);
    }

    private static List<String> of(StackTraceElement[] trace) {
        List<String> frames = new ArrayList<>();
        for (StackTraceElement element : trace) {
            String name = element.getClassName();
            boolean ours = isOf(OURS, name);
            if (frames.size() == MOST || (ours && !frames.isEmpty())) {
                break;
            }
            // Of proxies and of what is made for lambdas the names differ from one start to the next.
            boolean made = name.contains("$$") || name.startsWith("$Proxy") || name.contains(".$Proxy");
            if (!ours && !made && !isOf(OTHERS, name)) {
                frames.add(frame(element));
            }
        }
        return frames;
    }

    private static boolean isOf(List<String> packages, String name) {
        return packages.stream().anyMatch(name::startsWith);
    }

    /** Of a long name its end is kept, where the class and the method are. */
    private static String frame(StackTraceElement element) {
        String name = NOT_IN_A_NAME
                .matcher(element.getClassName() + "." + element.getMethodName())
                .replaceAll("_");
        String end = name.length() <= LONGEST ? name : name.substring(name.length() - LONGEST);
        int line = element.getLineNumber();
        return line > 0 ? end + ":" + line : end;
    }
}

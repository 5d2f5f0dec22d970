package io.amends.runtime.offender;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.convert.DurationStyle;

/** Wrong on purpose, see ModuleArrowsTest: the runtime with Spring Boot, and with threads without end. */
class RuntimeOffender {

    final DurationStyle style = DurationStyle.SIMPLE;

    ExecutorService threads() {
        return Executors.newCachedThreadPool();
    }
}

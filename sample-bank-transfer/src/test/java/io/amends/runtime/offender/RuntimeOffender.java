package io.amends.runtime.offender;

import org.springframework.boot.convert.DurationStyle;

/** Wrong on purpose, see ModuleArrowsTest: the runtime with Spring Boot. */
class RuntimeOffender {

    final DurationStyle style = DurationStyle.SIMPLE;
}

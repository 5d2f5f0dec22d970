package io.amends.spring.boot.autoconfigure.runtime.unhandled;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** An application whose package is this one. */
@EnableAutoConfiguration
@Configuration(proxyBeanMethods = false)
public class LetterApplication {}

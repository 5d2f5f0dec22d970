package io.amends.spring.boot.autoconfigure.definition;

import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.definition.SagaDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Registers each {@link Saga} and {@link SagaParticipant} class in or below the application's packages as a bean, unless
 * the application registered that class itself. Nothing else is scanned for. The bean's name is the class's name. Filters
 * of type {@link TypeExcludeFilter} apply, as they do to the application's own scan: so a class inside a test class is not
 * found by other tests, and a test may load some sagas only.
 *
 * <p>Runs after every other registration, so that it sees all of the application's own beans. When an application is
 * processed ahead of time it runs then, adds what a native image has to keep of these classes, and is not there later.
 */
final class AnnotatedClassRegistrar
        implements BeanDefinitionRegistryPostProcessor, BeanRegistrationAotProcessor, Ordered {

    private static final Logger log = LoggerFactory.getLogger(AnnotatedClassRegistrar.class);

    private final Environment environment;
    private final ResourceLoader resources;

    AnnotatedClassRegistrar(Environment environment, ResourceLoader resources) {
        this.environment = environment;
        this.resources = resources;
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        if (!(registry instanceof ConfigurableListableBeanFactory factory) || !AutoConfigurationPackages.has(factory)) {
            return;
        }
        List<String> packages = AutoConfigurationPackages.get(factory);
        ClassPathScanningCandidateComponentProvider scanner =
                new ClassPathScanningCandidateComponentProvider(false, environment);
        scanner.setResourceLoader(resources);
        scanner.addIncludeFilter(new AnnotationTypeFilter(Saga.class, false));
        scanner.addIncludeFilter(new AnnotationTypeFilter(SagaParticipant.class, false));
        TypeExcludeFilter excluded = new TypeExcludeFilter();
        excluded.setBeanFactory(factory);
        scanner.addExcludeFilter(excluded);
        int registered = 0;
        for (String name : packages) {
            for (BeanDefinition candidate : scanner.findCandidateComponents(name)) {
                registered += register(candidate, registry, factory) ? 1 : 0;
            }
        }
        log.debug("Registered {} saga and participant classes of the packages {}", registered, packages);
    }

    /** What is built is not made before the registry asks for it: the first that is wrong would end the start, and hide the others. */
    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        for (String name : factory.getBeanNamesForType(SagaDefinition.class, true, false)) {
            if (factory.containsBeanDefinition(name)) {
                factory.getBeanDefinition(name).setLazyInit(true);
            }
        }
    }

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        return AnnotatedElementUtils.hasAnnotation(type, Saga.class)
                        || AnnotatedElementUtils.hasAnnotation(type, SagaParticipant.class)
                ? (context, code) ->
                        SagaHints.add(type, context.getRuntimeHints().reflection())
                : null;
    }

    private static boolean register(
            BeanDefinition candidate, BeanDefinitionRegistry registry, ConfigurableListableBeanFactory factory) {
        String className = candidate.getBeanClassName();
        if (className == null || registry.containsBeanDefinition(className)) {
            return false;
        }
        Class<?> type = ClassUtils.resolveClassName(className, factory.getBeanClassLoader());
        for (String own : factory.getBeanNamesForType(type, true, false)) {
            Class<?> ownType = factory.getType(own, false);
            if (ownType != null && ClassUtils.getUserClass(ownType) == type) {
                log.debug("{} is the application's own bean '{}'", className, own);
                return false;
            }
        }
        if (candidate instanceof AnnotatedBeanDefinition annotated) {
            AnnotationConfigUtils.processCommonDefinitionAnnotations(annotated);
        }
        registry.registerBeanDefinition(className, candidate);
        return true;
    }
}

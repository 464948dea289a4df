package sluice.operator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "sluice.operator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule DECIDING_NEEDS_NOTHING_BUT_JAVA = classes()
            .that()
            .resideInAPackage("sluice.operator.rollout..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations..", "sluice.operator.rollout..");

    @ArchTest
    static final ArchRule THE_RESOURCE_KNOWS_NOTHING_OF_THE_OPERATOR = noClasses()
            .that()
            .resideInAPackage("sluice.operator.api..")
            .should()
            .dependOnClassesThat(resideInAPackage("sluice.operator..")
                    .and(resideInAPackage("sluice.operator.api..").negate()));

    /** One may implement an interface that another declares for what it needs, and make its records; nothing more. */
    @ArchTest
    static final ArchRule ADAPTERS_DO_NOT_KNOW_ONE_ANOTHER = slices().matching(
                    "sluice.operator.(kubernetes|prometheus|control|admission|notify|networks|metrics|certificates)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    resideInAnyPackage("sluice.operator.kubernetes..", "sluice.operator.metrics.."),
                    resideInAPackage("sluice.operator.control..").and(INTERFACES.or(assignableTo(Record.class))))
            .ignoreDependency(
                    resideInAnyPackage("sluice.operator.prometheus..", "sluice.operator.metrics.."),
                    resideInAPackage("sluice.operator.networks..").and(INTERFACES.or(assignableTo(Record.class))));

    @ArchTest
    static final ArchRule NO_PACKAGES_NEED_EACH_OTHER =
            slices().matching("sluice.operator.(*)..").should().beFreeOfCycles();
}

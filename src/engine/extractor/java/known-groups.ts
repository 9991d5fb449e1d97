/**
 * The group of a project whose archives do not tell it: those that are built with Ant, Gradle or by hand, and are found
 * in many images. A name in the table is an artifact, or what its artifacts begin with; the longest one counts.
 */
export function knownGroup(artifact: string, version: string): string | null {
  const exact = EXACT.get(artifact);
  if (exact !== undefined) return groupAt(exact, version);
  // Beginnings end with a separator: `lucene-`, `kafka_`.
  for (let end = artifact.length - 1; end > 0; end -= 1) {
    const group = isSeparator(artifact[end]) ? BEGINNINGS.get(artifact.slice(0, end + 1)) : undefined;
    if (group !== undefined) return groupAt(group, version);
  }
  return null;
}

/** One group, or several with the major version from which each counts, in falling order. */
type Group = string | readonly (readonly [from: number, group: string])[];

function groupAt(group: Group, version: string): string | null {
  if (typeof group === 'string') return group;
  const major = Number.parseInt(version, 10);
  return group.find(([from]) => major >= from)?.[1] ?? null;
}

function isSeparator(letter: string | undefined): boolean {
  return letter === '-' || letter === '_' || letter === '.';
}

const GROOVY = [
  [4, 'org.apache.groovy'],
  [0, 'org.codehaus.groovy'],
] as const;
const HIBERNATE = [
  [6, 'org.hibernate.orm'],
  [0, 'org.hibernate'],
] as const;
const OKHTTP = [
  [3, 'com.squareup.okhttp3'],
  [0, 'com.squareup.okhttp'],
] as const;

/** Group, then its artifacts; `*` stands for any ending. */
const TABLE: readonly (readonly [Group, string])[] = [
  ['axis', 'axis axis-*'],
  ['com.auth0', 'java-jwt jwks-rsa'],
  ['com.github.ben-manes.caffeine', 'caffeine'],
  ['com.google.code.gson', 'gson'],
  ['com.google.guava', 'guava failureaccess listenablefuture'],
  ['com.google.protobuf', 'protobuf-*'],
  ['com.graphql-java', 'graphql-java graphql-java-* java-dataloader'],
  ['com.h2database', 'h2 h2-mvstore'],
  ['com.hazelcast', 'hazelcast hazelcast-*'],
  ['com.ibm.icu', 'icu4j icu4j-*'],
  ['com.jcraft', 'jsch jzlib'],
  ['com.microsoft.sqlserver', 'mssql-jdbc mssql-jdbc_*'],
  ['com.linecorp.armeria', 'armeria armeria-*'],
  ['com.mysql', 'mysql-connector-j'],
  ['com.netflix.eureka', 'eureka-*'],
  ['com.netflix.hystrix', 'hystrix-*'],
  ['com.netflix.ribbon', 'ribbon ribbon-*'],
  ['com.netflix.zuul', 'zuul-*'],
  ['com.oracle.database.jdbc', 'ojdbc6 ojdbc7 ojdbc8 ojdbc10 ojdbc11 ucp'],
  ['com.squareup.moshi', 'moshi moshi-*'],
  [OKHTTP, 'okhttp okhttp-* logging-interceptor mockwebserver'],
  ['com.squareup.okio', 'okio okio-*'],
  ['com.squareup.retrofit2', 'retrofit'],
  ['com.thoughtworks.xstream', 'xstream'],
  ['com.zaxxer', 'HikariCP SparseBitSet'],
  ['commons-beanutils', 'commons-beanutils'],
  ['commons-codec', 'commons-codec'],
  ['commons-collections', 'commons-collections'],
  ['commons-fileupload', 'commons-fileupload'],
  ['commons-httpclient', 'commons-httpclient'],
  ['commons-io', 'commons-io'],
  ['commons-lang', 'commons-lang'],
  ['commons-logging', 'commons-logging'],
  ['commons-net', 'commons-net'],
  [
    [
      [2, 'org.dom4j'],
      [0, 'dom4j'],
    ],
    'dom4j',
  ],
  ['info.picocli', 'picocli picocli-*'],
  ['io.grpc', 'grpc-*'],
  ['io.jsonwebtoken', 'jjwt jjwt-*'],
  ['io.kotest', 'kotest-*'],
  ['io.ktor', 'ktor-*'],
  ['io.lettuce', 'lettuce-core'],
  ['io.micrometer', 'micrometer-*'],
  ['io.micronaut', 'micronaut-*'],
  ['io.opentelemetry', 'opentelemetry-*'],
  ['io.opentelemetry.instrumentation', 'opentelemetry-instrumentation-*'],
  ['io.opentelemetry.javaagent', 'opentelemetry-javaagent opentelemetry-javaagent-*'],
  ['io.projectreactor', 'reactor-core reactor-test'],
  ['io.projectreactor.kafka', 'reactor-kafka'],
  ['io.projectreactor.netty', 'reactor-netty reactor-netty-*'],
  ['io.r2dbc', 'r2dbc-*'],
  [
    [
      [3, 'io.reactivex.rxjava3'],
      [2, 'io.reactivex.rxjava2'],
      [1, 'io.reactivex'],
    ],
    'rxjava',
  ],
  ['io.zipkin.brave', 'brave brave-*'],
  ['log4j', 'log4j'],
  ['mysql', 'mysql-connector-java'],
  ['net.java.dev.jna', 'jna jna-*'],
  ['net.sourceforge.htmlunit', 'htmlunit htmlunit-*'],
  ['org.apache.ant', 'ant ant-*'],
  ['org.apache.calcite', 'calcite-*'],
  ['org.apache.calcite.avatica', 'avatica-*'],
  ['org.apache.cassandra', 'apache-cassandra cassandra-*'],
  ['org.apache.derby', 'derby derbyclient derbynet derbyshared derbytools derbyoptionaltools'],
  ['org.apache.geode', 'geode-*'],
  ['org.apache.ivy', 'ivy'],
  ['org.apache.jmeter', 'ApacheJMeter ApacheJMeter_* jorphan'],
  [
    'org.apache.kafka',
    'kafka-* kafka_* connect-api connect-basic-auth-extension connect-file connect-json connect-mirror connect-mirror-client connect-runtime connect-transforms',
  ],
  ['org.apache.lucene', 'lucene-*'],
  ['org.apache.poi', 'poi poi-* ooxml-schemas'],
  ['org.apache.solr', 'solr-*'],
  ['org.apache.thrift', 'libthrift libfb303'],
  ['org.apache.tomcat', 'tomcat-*'],
  ['org.apache.tomcat.embed', 'tomcat-embed-*'],
  [
    [
      [2, 'org.apache.velocity'],
      [0, 'velocity'],
    ],
    'velocity',
  ],
  ['org.apache.xmlbeans', 'xmlbeans'],
  ['org.apache.xmlgraphics', 'batik-* fop fop-* xmlgraphics-commons'],
  ['org.apache.zookeeper', 'zookeeper zookeeper-*'],
  ['org.aspectj', 'aspectjrt aspectjtools aspectjweaver'],
  ['org.bouncycastle', 'bcprov-* bcpkix-* bcpg-* bctls-* bcutil-* bcmail-* bcjmail-* bc-fips'],
  [GROOVY, 'groovy groovy-*'],
  ['org.codehaus.janino', 'janino commons-compiler'],
  ['org.eclipse.jdt', 'ecj'],
  ['org.eclipse.platform', 'org.eclipse.core.* org.eclipse.equinox.* org.eclipse.osgi'],
  ['org.ehcache', 'ehcache ehcache-*'],
  ['org.elasticsearch', 'elasticsearch elasticsearch-*'],
  [
    'org.elasticsearch.client',
    'elasticsearch-rest-client elasticsearch-rest-high-level-client elasticsearch-rest-client-sniffer',
  ],
  ['org.grails', 'grails-*'],
  ['org.hamcrest', 'hamcrest hamcrest-*'],
  [
    HIBERNATE,
    'hibernate-core hibernate-envers hibernate-hikaricp hibernate-jcache hibernate-spatial hibernate-testing',
  ],
  ['org.hibernate.validator', 'hibernate-validator hibernate-validator-*'],
  ['org.hsqldb', 'hsqldb'],
  ['org.igniterealtime.smack', 'smack-*'],
  ['org.jdom', 'jdom2'],
  ['org.jetbrains', 'annotations'],
  ['org.jetbrains.exposed', 'exposed-*'],
  ['org.jetbrains.kotlin', 'kotlin-*'],
  ['org.jetbrains.kotlinx', 'kotlinx-* atomicfu atomicfu-*'],
  ['org.jfree', 'jfreechart jcommon'],
  ['org.jruby', 'jruby jruby-*'],
  ['org.junit.jupiter', 'junit-jupiter junit-jupiter-*'],
  ['org.junit.platform', 'junit-platform-*'],
  ['org.junit.vintage', 'junit-vintage-engine'],
  ['org.lz4', 'lz4-java'],
  ['org.mockito', 'mockito-*'],
  ['org.mozilla', 'rhino rhino-*'],
  ['org.opensearch', 'opensearch opensearch-*'],
  ['org.opensearch.client', 'opensearch-rest-client opensearch-rest-high-level-client opensearch-java'],
  ['org.ow2.asm', 'asm asm-*'],
  ['org.picketbox', 'picketbox'],
  ['org.postgresql', 'postgresql'],
  ['org.projectlombok', 'lombok'],
  ['org.python', 'jython jython-*'],
  ['org.quartz-scheduler', 'quartz quartz-*'],
  ['org.scala-lang', 'scala-library scala-compiler scala-reflect scala3-*'],
  ['org.scala-lang.modules', 'scala-xml_* scala-parser-combinators_* scala-java8-compat_* scala-collection-compat_*'],
  [
    'org.springframework',
    'spring spring-aop spring-aspects spring-beans spring-context spring-context-* spring-core spring-expression spring-instrument spring-jcl spring-jdbc spring-jms spring-messaging spring-orm spring-oxm spring-r2dbc spring-test spring-tx spring-web spring-webflux spring-webmvc spring-webmvc-* spring-websocket',
  ],
  ['org.springframework.amqp', 'spring-amqp spring-rabbit spring-rabbit-*'],
  ['org.springframework.batch', 'spring-batch-*'],
  ['org.springframework.boot', 'spring-boot spring-boot-*'],
  ['org.springframework.cloud', 'spring-cloud-*'],
  ['org.springframework.data', 'spring-data-*'],
  ['org.springframework.graphql', 'spring-graphql spring-graphql-*'],
  ['org.springframework.hateoas', 'spring-hateoas'],
  ['org.springframework.integration', 'spring-integration-*'],
  ['org.springframework.kafka', 'spring-kafka spring-kafka-*'],
  ['org.springframework.ldap', 'spring-ldap-*'],
  ['org.springframework.plugin', 'spring-plugin-*'],
  ['org.springframework.retry', 'spring-retry'],
  ['org.springframework.security', 'spring-security-*'],
  ['org.springframework.security.oauth', 'spring-security-oauth spring-security-oauth2'],
  ['org.springframework.session', 'spring-session-*'],
  ['org.springframework.shell', 'spring-shell spring-shell-*'],
  ['org.springframework.social', 'spring-social-*'],
  ['org.springframework.vault', 'spring-vault-core'],
  ['org.springframework.webflow', 'spring-webflow spring-binding spring-faces spring-js spring-js-resources'],
  ['org.springframework.ws', 'spring-ws-* spring-xml'],
  ['org.testcontainers', 'testcontainers'],
  ['org.webjars', 'webjars-*'],
  ['org.xerial', 'sqlite-jdbc'],
  ['xalan', 'xalan serializer'],
  ['xerces', 'xercesImpl'],
  ['xml-apis', 'xml-apis xml-apis-ext'],
];

const NAMES = TABLE.flatMap(([group, artifacts]) => artifacts.split(' ').map((name) => [name, group] as const));
const EXACT = new Map(NAMES.filter(([name]) => !name.endsWith('*')));
const BEGINNINGS = new Map(
  NAMES.filter(([name]) => name.endsWith('*')).map(([name, group]) => [name.slice(0, -1), group]),
);

/// Everything there is to set about a service: what all services have, then its own.
struct ServiceSettings<Service: PatronService>: SettingsGroup {
  let server: ServerSettings
  let web: WebSettings
  let tls: TLSSettings
  let peerTLS: PeerTLSSettings
  let admin: AdminSettings
  let logging: LoggingSettings
  let tracing: TracingSettings
  let drain: DrainSettings
  let clock: ClockSettings
  let requestTimes: RequestTimeSettings
  let page: PageSettings
  /// Nil when the service owns no data.
  let database: DatabaseSettings?
  let events: EventLogSettings
  let consumer: EventConsumerSettings
  let own: Service.Settings

  init(_ settings: SettingsReader) {
    server = ServerSettings(settings, defaultPort: Service.ports.listen)
    web = WebSettings(settings, isOnByDefault: Service.isForWeb)
    tls = TLSSettings(settings)
    peerTLS = PeerTLSSettings(settings)
    admin = AdminSettings(settings, defaultPort: Service.ports.admin)
    logging = LoggingSettings(settings)
    tracing = TracingSettings(settings)
    drain = DrainSettings(settings)
    clock = ClockSettings(settings)
    requestTimes = RequestTimeSettings(settings)
    page = PageSettings(settings)
    let ownsData = Service.migrations != nil
    database = ownsData ? DatabaseSettings(settings) : nil
    events = ownsData ? EventLogSettings(settings) : EventLogSettings()
    consumer = ownsData ? EventConsumerSettings(settings) : EventConsumerSettings()
    own = Service.Settings(settings)
    if tracing.isEncrypted, peerTLS.client == nil { settings.report("tracing.otlpTls needs peerTls.authorities") }
  }
}

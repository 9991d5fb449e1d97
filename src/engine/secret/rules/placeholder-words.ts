/**
 * Parts of words: a value of the generic rule that holds one of them, in whatever case, was written by a person to be read,
 * and is no secret. The words are those of gitleaks (MIT licence), without those that another one is part of.
 */
export const PLACEHOLDER_WORDS: readonly string[] = `
  000000 6fe4476ee5a1832882e326b506d14126 _ec2_ aaaaaa about abstract academy acces account act- act. act_ action
  active activity adapter add- add. add_ addon addres admin adobe advanced adventure agent agile air- air. air_ ajax
  akka alert alfred algorithm all- all. all_ alloy alpha amazon amqp analysi analytic analyzer android angular animate
  animation another ansible answer ant- ant. ant_ any- any. any_ apache app- app. app_ apple arch arduino array art-
  art. art_ article asp- asp. asp_ asset atom attention audio audit aura auth auto aws_ azure back bar- bar. bar_ base
  bash basic batch been beer behavior being benchmark best beta better big- big. big_ binary binding bit- bit. bit_
  bitcoin blog board book boost boot bosh bot- bot. bot_ bower box- box. box_ boxen branch bridge browser brunch
  buffer bug- bug. bug_ build built bundle busines but- but. but_ button cache caching cakephp calendar call camera
  campfire can- can. can_ canva captcha capture card carousel case cassandra cat- cat. cat_ category center cento
  challenge change channel chart chat cheat check chef ches chinese chosen chrome clas clean cli- cli. cli_ client
  clojure clone closure cloud club cluster cms- cms_ coco code coding coffee color combination combo command comment
  commit common compas compiler complete component composer computer computing con- con. con_ concept conf connect
  console contact container contao content contest control convert conway' cookie cool copy cordova core couchdb
  countdown counter course craft crawler create creating creator credential crm- crm. crm_ cros crud csv- csv. csv_
  cube cucumber cuda current custom daemon dark dart dash data date day- day. day_ dead debian debug deck define del-
  del. del_ delete demo deploy design desktop detection detector dev- dev. dev_ develop device devise diff digital
  directive directory django dns- dns_ doc- doc. doc_ docker docpad doctrine document doe- doe. doe_ dojo dom- dom.
  dom_ domain don't done dot- dot. dot_ draft drag drill drive drop drupal dsl- dsl. dsl_ dynamic easy ecdsa eclipse
  edit element emac embed ember emitter emulator endpoint engine english enhanced entity entry env_ episode erlang
  error espresso event example exercise experiment expire exploit explorer expres ext- ext. ext_ extended extension
  external extra fabric factory fake fast feature feed fewfwef ffmpeg field file filter find firefox firmware first
  fish fix- fix_ flash flask flat flex flickr flow fluent fluid folder font force foreman fork form forum foundry free
  friend front-end frontend ftp- ftp. ftp_ fuel full fun- fun. fun_ func future gaia gallery game gateway gem- gem.
  gem_ gen- gen. gen_ general generator generic genetic get- get. get_ getenv getting gist git- git. git_ github
  gitignore gitlab glas gnome gnu- gnu. gnu_ goal golang gollum good google gpu- gpu. gpu_ gradle graph great grid
  groovy group grunt guard gui- gui. gui_ guide gulp gwt- gwt. gwt_ hack hadoop haml handler hardware has- has_ hash
  haskell have haxe hello help here hero high home hook host hot- hot. hot_ house how- how. how_ html http hub- hub.
  hub_ hubot human icon ide- ide. ide_ idea idiomatic image impact impres index infinite info injection input
  instagram install instant intellij interface internet into intro ionic irc- irc_ iso- iso. iso_ issue jade jasmine
  java jbos jekyll jenkin jetbrains job- job. job_ joomla jpa- jpa. jpa_ json just kafka karma kata kernel kindle kit-
  kit. kit_ kitchen knife koan kohana lab- lab. lab_ lambda lamp language laravel last latest latex launcher layer
  layout lazy ldap leaflet league learn led- led. led_ les- les. les_ level lib- lib. lib_ librarie library license
  life light like line link linux lisp list lite little load local location lock log- log. log_ logger logging logic
  login logstash longer look love lua- lua. lua_ mac- mac. mac_ machine made magic mail make making man- man. man_
  manage manifest manual map- map. map_ mapper mapping markdown markup master math matrix maven md5 mean media meetup
  memory menu merchant message messaging meta meteor method metric micro middleman migration miner mini mirror mit-
  mit. mit_ mobile mocha mock mod- mod. mod_ mode modular module modx money mongo monitor monkey more motion moved
  movie mozilla mqtt mule multi music mustache mvc- mvc. mvc_ mysql nagio name native need neo- neo. neo_ nest net-
  net. net_ nette new- new. new_ next nginx ninja nlp- nlp. nlp_ node nosql not- not. not_ note notice notifier now-
  now. now_ number object obsolete ocaml octopres official old- old. old_ only open option oracle org- org. org_
  origin orm- orm. orm_ osx- osx_ our- our. our_ out- out. out_ output over own- own. own_ pack page panel paper para
  parse parsing party patch path pattern payment paypal pdf- pdf. pdf_ pebble people perl personal phalcon phoenix
  phone photo php- php. php_ physic picker play please plu- plu. plu_ plug-in plugin png- png. png_ poker polyfill
  polymer pool pop- pop. pop_ popcorn popup port post power prelude pretty principle print pro- pro. pro_ problem proc
  product program progres project protocol provider proxy public pull puppet pure purpose push pyramid python quality
  query queue quick rabbitmq rack radio rail random range raspberry rdf- rdf. rdf_ react read real recipe recorder
  red- red. red_ reddit redi redmine reference refinery refresh related release remote repo request require response
  resque rest resume reveal reverse riak rich right ring robot role room router routing rpc- rpc. rpc_ rpg- rpg. rpg_
  ruby- ruby. ruby_ rule run- run. run_ runner running rust rvm- rvm. rvm_ salt sample sandbox sas- sas. sas_ sbt-
  sbt. sbt_ scala scanner schema scheme school science scraper scratch screen script scroll scs- scs. scs_ sdk- sdk.
  sdk_ sdl- sdl. sdl_ secure security see- see. see_ seed select selenium semantic sencha send serie server service
  session set- set. set_ setting setup sha1 sha2 share sheet shell shield shipping shop shortener should show side
  silex simple simulator single site skeleton sketch skin slack slide slim small smart smtp snake snapshot snippet
  soap social socket software solarized solr solution solver some soon source space spark spatial spec sphinx spine
  spotify spree sprite sql- sql. sql_ ssh- ssh. ssh_ stack staging standard stanford start stat step still stm- stm.
  stm_ storage store storm story strategy stream stripe structure studio study stuff style sublime sugar suite summary
  super svg- svg. svg_ svn- svn. svn_ swagger swift switch symfony symphony sync synopsi syntax system tab- tab. tab_
  table tag- tag. tag_ talk target task tcp- tcp. tcp_ tdd- tdd. tdd_ team tech template term testing tetri text theme
  theory three thrift time tiny tip- tip. tip_ title todo token tool top- top. top_ tornado touch tower traffic
  training transfer translate tree trello try- try. try_ tumblr tut- tut. tut_ tutorial tweet twig twitter type typo
  ubuntu ultimate under unit universal unix upgrade uri- uri. uri_ url- url. url_ usage usb- usb. usb_ use- use. use_
  used useful user using util vagrant validator value variou varnish version via- via. via_ video view vim- vim. vim_
  vimrc virtual vision visual vpn want warning watch wave way- way. way_ weather web- web_ webapp webgl webkit webrtc
  welcome what when which why- why. why_ widget wifi wiki win- win. win_ window wip- wip. wip_ within without wizard
  word work world wrapper write writing written www- www. www_ xamarin xml- xml. xml_ xmpp xxxxxx yahoo yaml yandex
  yeoman yet- yet. yet_ yii- yii. yii_ youtube yui- yui. yui_ zend zero zip- zip. zip_ zsh- zsh. zsh_
`
  .trim()
  .split(/\s+/);
